"""The sample archive is reproducible, marked as constructed, and reads as news pages do."""

import gzip
import re
from io import BytesIO
from itertools import combinations
from urllib.parse import urlsplit

import pytest
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

from seeds.archive import build
from tests.seeds.samples import SEED_ARTICLE, SEEDS, Sample, by_url, read, samples

MARK = "Constructed sample page for the fact-check desk demo; not a real report"
# Vocabularies that pages name and nobody fetches.
NAMESPACES = {"schema.org", "ogp.me"}


@pytest.mark.parametrize("story", list(build.manifest()))
def test_the_committed_warc_file_is_what_the_sources_build(story: str) -> None:
    # Unpacked: two zlib builds may pack the same bytes differently.
    committed = gzip.decompress((build.HERE / f"{story}.warc.gz").read_bytes())
    built = gzip.decompress(build.warc(story, build.manifest()[story]))
    assert built == committed, "run: python -m seeds.archive.build"


@pytest.mark.parametrize("story", list(build.manifest()))
def test_every_record_has_its_pair_its_date_and_a_right_digest(story: str) -> None:
    expected = {page.url: page for page in build.manifest()[story]}
    seen: dict[str, set[str]] = {}
    packed = BytesIO((build.HERE / f"{story}.warc.gz").read_bytes())
    for record in ArchiveIterator(packed, check_digests="raise"):
        body = record.content_stream().read()
        if record.rec_type == "warcinfo":
            continue
        url = record.rec_headers["WARC-Target-URI"]
        seen.setdefault(url, set()).add(record.rec_type)
        assert record.rec_headers["WARC-Date"] == expected[url].crawled
        if record.rec_type == "response":
            assert body == expected[url].body()
    assert seen == {url: {"request", "response"} for url in expected}


def test_every_file_is_in_the_manifest_once_and_both_stories_have_their_size() -> None:
    files = [sample.file for sample in samples()]
    on_disk = {str(path.relative_to(build.HERE / "pages")) for path in build.HERE.rglob("*.html")}
    assert len(files) == len(set(files))
    assert set(files) == on_disk
    assert sum(sample.story == "letter" for sample in samples()) == 22
    assert sum(sample.story == "ferry" for sample in samples()) == 16


def test_no_page_was_crawled_before_it_was_published() -> None:
    for pages in build.manifest().values():
        for page in pages:
            for published in re.findall(
                r'datetime="([\d-]{10})', page.body().decode(page.charset)
            ):
                assert published <= page.crawled[:10], page.url


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.file)
def test_a_page_says_that_it_is_constructed_and_still_reads_as_an_article(sample: Sample) -> None:
    assert MARK in sample.seen
    assert sample.source.index(MARK) < sample.source.index("<h1")
    assert MARK not in sample.text
    assert len(sample.text) > 200
    assert sample.title
    assert '<meta name="robots" content="noindex">' in sample.source


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.file)
def test_a_page_names_no_host_that_anybody_could_own(sample: Sample) -> None:
    addresses = [sample.url, *re.findall(r'https?://[^\s"<>\']+', sample.source)]
    hosts = {urlsplit(address).hostname or "" for address in addresses} - NAMESPACES
    assert all(host.endswith(".example") for host in hosts), hosts


def test_the_outlet_of_each_page_is_one_that_the_desk_knows_by_its_domain() -> None:
    known = {
        domain: outlet["name"]
        for outlet in read(SEEDS / "desk.json")["outlets"]
        for domain in outlet["domains"]
    }
    for sample in samples():
        host = (urlsplit(sample.url).hostname or "").removeprefix("www.")
        assert known[host] == sample.outlet


def test_copies_are_near_duplicates_and_nothing_else_is() -> None:
    texts = {sample.url: sample.text for sample in samples()}
    for story, told in read(build.HERE / "expected.json")["stories"].items():
        articles = {a["id"]: a for a in told["graph"]["articles"]}
        words = {id_: texts[a["url"]] for id_, a in articles.items() if "url" in a}
        words["handed-in"] = (SEEDS / told["handed_in"]).read_text(encoding="utf-8")
        groups = {id_: {id_} for id_ in words}
        for edge in told["graph"]["edges"]:
            if edge["type"] == "copies":
                joined = groups[edge["from"]] | groups[edge["to"]]
                groups.update(dict.fromkeys(joined, joined))
        for one, other in combinations(words, 2):
            shared = _containment(words[one], words[other])
            if other in groups[one]:
                assert shared > 0.7, (story, one, other)
            else:
                assert shared < 0.2, (story, one, other)


def test_the_amp_twin_has_the_text_of_its_page() -> None:
    aliases = read(build.HERE / "expected.json")["stories"]["letter"]["aliases"]
    for twin, page in aliases.items():
        assert by_url()[twin].text == by_url()[page].text
        assert f'rel="canonical" href="{page}"' in by_url()[twin].source
        assert f'rel="amphtml" href="{twin}"' in by_url()[page].source


def test_the_hebrew_page_is_sent_in_the_charset_it_declares() -> None:
    (page,) = [p for p in build.manifest()["letter"] if p.charset != "utf-8"]
    assert page.charset == "windows-1255"
    assert b'charset="windows-1255"' in page.body()
    with pytest.raises(UnicodeDecodeError):
        page.body().decode("utf-8")
    assert "מכתב סודי" in by_url()[page.url].text


def test_the_seed_article_is_whole() -> None:
    words = SEED_ARTICLE.read_text(encoding="utf-8")
    assert words.startswith("Published 18:02 IST, December 20th 2020\n")
    assert words.endswith("Updated 18:02 IST, December 20th 2020")
    assert "Constructed" not in words


def _containment(one: str, other: str) -> float:
    first, second = _shingles(one), _shingles(other)
    return len(first & second) / min(len(first), len(second))


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}
