"""The claim in its article: the quote marked, and every other place that says it."""

from collections.abc import Sequence
from dataclasses import dataclass

from claims.admin.marks import Mark, Paragraph, around, laid_out, plain_blocks
from claims.extraction.layout import read_layout
from claims.models import Article, Claim
from claims.text.passage import find


@dataclass(frozen=True, slots=True)
class InArticle:
    """The paragraphs around the quote; None between them stands for what is left out."""

    article: Article
    paragraphs: Sequence[Paragraph | None]
    # The quote is said to be there and was not found: the article's text is another now.
    lost: bool


def in_article(claim: Claim) -> InArticle | None:
    """Where the claim stands; None for a claim that came without an article."""
    article = claim.article
    if article is None:
        return None
    place = _place(claim, article)
    marks = [Mark(*place, "quote", "quote")] if place is not None else []
    marks += [
        Mark(one["start"], one["end"], "appearance", one.get("note", ""))
        for one in claim.appearances
        if one["end"] <= len(article.text)
    ]
    layout = read_layout(article.text, title=article.title)
    blocks = [(block.role, block.start, block.end) for block in layout.blocks]
    whole = laid_out(article.text, blocks or plain_blocks(article.text), marks)
    return InArticle(article, around(whole), lost=bool(claim.quote) and place is None)


def _place(claim: Claim, article: Article) -> tuple[int, int] | None:
    quote = claim.quote or {}
    start, end = quote.get("start"), quote.get("end")
    if isinstance(start, int) and article.text[start:end] == quote.get("exact"):
        return start, int(end or start)
    found = find(
        article.text,
        quote.get("exact", ""),
        prefix=quote.get("prefix", ""),
        suffix=quote.get("suffix", ""),
    )
    return (found.start, found.end) if found is not None else None
