"""What ``./desk check`` has to tell of an article: as data, and as tables for people."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from claims.coverage import counts
from claims.models import Article, Candidate, Claim, CoverageItem, CoverageRun
from claims.provenance.words import explain

WIDTH = 96


def result(
    article: Article,
    claims: Sequence[Claim],
    *,
    run: CoverageRun | None,
    before: Mapping[str, Any],
) -> dict[str, Any]:
    """Everything, as ``check --json`` prints it; the first claim is the central one."""
    candidates = {one.claim_id: one for one in article.candidates.exclude(claim=None)}
    left_out = article.candidates.filter(status=Candidate.Status.LEFT_OUT).order_by("start")
    items = claims[0].coverage.select_related("article__outlet") if claims else ()
    return {
        "article": {
            "title": article.title,
            "language": article.language,
            "outlet": article.outlet.name if article.outlet is not None else "",
            "published": _published(article),
            "characters": len(article.text),
        },
        "claims": [_claim(one, candidates[one.pk]) for one in claims],
        "left_out": [{"text": one.text, "why": one.why} for one in left_out],
        "attributions": article.attributions,
        "coverage": {
            "run": _run(run) if run is not None else {},
            "items": [_item(item) for item in items],
        },
        "summary_without_coverage": dict(before),
        "summary": dict(claims[0].sources) if claims else {},
    }


def tables(told: Mapping[str, Any]) -> str:
    """The same for a journalist to read in a terminal."""
    lines = [told["article"]["title"] or "(no title)", _line_about(told["article"]), ""]
    if not told["claims"]:
        lines.append("There is no checkable claim in this article.")
        lines += _left_out(told["left_out"])
        return "\n".join(lines) + "\n"
    lines += [f"CLAIMS ({len(told['claims'])}; the central one first)", ""]
    edges = {edge["id"]: edge for edge in told["attributions"]}
    for number, claim in enumerate(told["claims"], 1):
        lines += _about(number, claim, edges)
    lines += _left_out(told["left_out"])
    lines += _covering(told["coverage"])
    lines += ["ORIGINS OF THE CENTRAL CLAIM", ""]
    lines += [f"  Before coverage  {told['summary_without_coverage'].get('headline', '')}"]
    lines += [f"  With coverage    {told['summary'].get('headline', '')}", ""]
    lines += _wrapped(explain(told["summary"]))
    return "\n".join(lines) + "\n"


def _published(article: Article) -> str | None:
    if article.published_at is not None:
        return article.published_at.isoformat()
    if article.published_on is not None:
        return article.published_on.isoformat()
    return article.published_raw or None


def _claim(claim: Claim, candidate: Candidate) -> dict[str, Any]:
    return {
        "text": claim.text,
        "quote": {
            "exact": candidate.article.text[candidate.start : candidate.end],
            "start": candidate.start,
            "end": candidate.end,
        },
        "claimant": claim.claimant.name if claim.claimant is not None else None,
        "checkworthiness": {"score": candidate.score, "parts": candidate.parts},
        "attributions": candidate.attributions,
        "appearances": candidate.appearances,
    }


def _run(run: CoverageRun) -> dict[str, Any]:
    progress, found = counts.progress(run), counts.found(run)
    return {
        "status": run.status,
        "providers": run.providers,
        "queries": run.queries,
        "total": progress.total,
        "done": progress.done,
        "failed": progress.failed,
        "hits": found.hits,
        "articles": found.articles,
        "problems": [
            {"provider": one.provider, "code": one.code, "message": one.message}
            for one in run.problems.all()
        ],
    }


def _item(item: CoverageItem) -> dict[str, Any]:
    article = item.article
    return {
        "title": article.title,
        "url": article.url,
        "outlet": article.outlet.name if article.outlet is not None else "",
        "language": article.language,
        "published": _published(article),
        "provider": item.provider,
        "relation": item.relation,
    }


def _line_about(article: Mapping[str, Any]) -> str:
    parts = [
        article["outlet"],
        article["published"],
        article["language"],
        f"{article['characters']:,} characters",
    ]
    return " · ".join(part for part in parts if part)


def _about(
    number: int, claim: Mapping[str, Any], edges: Mapping[str, Mapping[str, Any]]
) -> Iterable[str]:
    yield from _wrapped(claim["text"], first=f"{number:>3}. ", rest="     ")
    ids = [edge for edge in claim["attributions"] if edge in edges]
    # "the newspaper ← the Harbour Mail" is one outlet: who is named again is told once.
    chain = [edges[edge] for edge in ids if edges[edge].get("same_as") not in ids]
    if chain:
        yield from _wrapped(
            "on the word of: " + " ← ".join(_source(edge) for edge in chain),
            first="     ",
            rest="       ",
        )
    else:
        yield "     the article's own"
    if claim["claimant"]:
        yield f"     said by: {claim['claimant']}"
    notes = [one["note"] for one in claim["appearances"] if one.get("note")]
    for note in notes:
        yield from _wrapped(f"appears also: {note}", first="     ", rest="       ")
    yield f"     worth checking: {claim['checkworthiness']['score']:.2f}"
    yield ""


def _source(edge: Mapping[str, Any]) -> str:
    name = str(edge.get("resolves_to") or edge["source"])
    denial = ", denying it" if edge.get("is_denial") else ""
    return f"{name} ({edge['kind']}{denial})"


def _left_out(rows: Sequence[Mapping[str, str]]) -> Iterable[str]:
    if not rows:
        return
    yield f"LEFT OUT ({len(rows)})"
    yield ""
    for row in rows:
        yield f"  {textwrap.shorten(row['text'], 60, placeholder=' …'):<62}  {row['why']}"
    yield ""


def _covering(coverage: Mapping[str, Any]) -> Iterable[str]:
    items, run = coverage["items"], coverage["run"]
    yield f"COVERAGE ({len(items)} articles; {run.get('status', 'not looked for')})"
    yield ""
    for item in items:
        outlet = textwrap.shorten(item["outlet"] or "?", 26, placeholder=" …")
        title = textwrap.shorten(item["title"] or item["url"] or "?", 48, placeholder=" …")
        yield f"  {outlet:<28}{title:<50}{item['relation']}"
    for problem in run.get("problems", ()):
        yield f"  {problem['provider']}: {problem['message']}"
    yield ""


def _wrapped(words: str, *, first: str = "  ", rest: str = "  ") -> list[str]:
    return textwrap.wrap(words, WIDTH, initial_indent=first, subsequent_indent=rest)
