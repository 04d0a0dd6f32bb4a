"""The sample archive's two stories come to the numbers that were worked out by hand."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from claims.models import Article, Claim
from claims.provenance import decide
from claims.provenance.attribution import read
from claims.provenance.trace import recompute
from claims.text.language import guess
from claims.web import page as reader
from claims.web.address import parse
from tests import factories as make
from tests.seeds.samples import SEEDS, Sample, samples
from tests.seeds.samples import read as json_of

pytestmark = pytest.mark.django_db

EXPECTED = json_of(SEEDS / "archive" / "expected.json")["stories"]


def told(sample: Sample) -> Article:
    """The article that coverage makes of one sample page."""
    page = reader.read(sample.source.encode(), url=sample.url, media_type="text/html")
    host = urlsplit(sample.url).hostname or ""
    known = Article.objects.filter(outlet__domains__host=host).first()
    outlet = (
        known.outlet
        if known is not None
        else make.outlet(page.site_name or sample.outlet, host=host)
    )
    language = page.language or guess(page.text)
    return make.article(
        page.text,
        title=page.title,
        url=parse(sample.url).url,
        outlet=outlet,
        language=language,
        signals={name: list(values) for name, values in page.signals.items()},
        attributions=read(page.text, language=language, outlet=sample.outlet),
    )


def traced(story: str) -> Claim:
    expected = EXPECTED[story]
    text = (SEEDS / expected["handed_in"]).read_text(encoding="utf-8")
    claim = make.claim(expected["claim"])
    left = {*expected["aliases"], *expected["unrelated"]}
    pages = [told(one) for one in samples() if one.story == story and one.url not in left]
    make.covered(claim, make.article(text, attributions=read(text, language="en")), *pages)
    recompute(claim)
    claim.refresh_from_db()
    return claim


def judge_all(claim: Claim, story: str) -> None:
    """What people do who read the pages: confirm each link, but to what is no source at all."""
    by = make.reviewer()
    known = {source["label"] for source in EXPECTED[story]["graph"]["sources"]}
    for edge in claim.edges.filter(status="suggested").select_related("target"):
        target = edge.target
        is_source = target.article_id or target.resolved_to_id or target.label in known
        (decide.confirm if is_source else decide.reject)(edge, by=by)


def numbers(claim: Claim) -> dict[str, Any]:
    claim.refresh_from_db()
    return dict(claim.sources)


def test_a_secret_letter_told_by_many_has_one_to_three_origins_and_nobody_named() -> None:
    hold = EXPECTED["letter"]["hold"]
    claim = traced("letter")
    for _ in range(2):
        found = numbers(claim)
        assert found["articles"] >= hold["found_at_least"]
        assert found["named"] == hold["named"]
        assert found["origins_low"] == hold["origins_low"]
        assert found["origins_high"] <= hold["origins_high_at_most"]
        # However many links are confirmed, nobody is named.
        judge_all(claim, "letter")


def test_a_closed_ferry_has_two_to_four_origins_once_its_links_are_confirmed() -> None:
    claim = traced("ferry")
    assert numbers(claim)["origins_low"] == 1
    judge_all(claim, "ferry")
    by = make.reviewer()
    for label in ("Ilse Maar", "Joren Tack"):
        decide.speaks_for(claim.nodes.get(label=label), by=by, whom="Ministry of Transport")
    withdrawn = claim.nodes.get(article__outlet__name="Orrel Observer")
    decide.retracted(withdrawn, by=by, is_so=True)
    found = numbers(claim)
    assert found["articles"] >= EXPECTED["ferry"]["hold"]["found_at_least"]
    assert (found["origins_low"], found["origins_high"]) == (2, 4)
    assert found["named"] == 3
    assert (found["circular_groups"], found["retracted"]) == (1, 1)
