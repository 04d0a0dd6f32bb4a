"""How much the desk's rows, jobs and captures cost beside the bare reading of an article."""

from collections.abc import Iterator
from itertools import count

from claims import tasks
from claims.extraction.candidates import extract
from claims.extraction.layout import read_layout
from claims.extraction.read import READ
from claims.intake import articles
from claims.models import Article, Job
from claims.provenance import attribution
from tests import factories
from tests.benchmarks.figures import Figure, rate

TIMES = 15


def figures() -> Iterator[Figure]:
    """The seed article read as a job, against the same pure functions called in a loop."""
    text = factories.SEED_ARTICLE.read_text(encoding="utf-8")
    by = factories.contributor()
    number = count(1)

    def bare() -> object:
        edges = attribution.read(text, language="en")
        layout = read_layout(text)
        return extract(text, language="en", layout=layout, attributions=edges)

    def on_the_desk() -> None:
        words = f"{text}\n\nCopy {next(number)} was read for a benchmark."
        article, _ = articles.hand_in(by=by, text=words, language="en")
        tasks.run(Job.objects.get(article=article).pk, READ)
        article.refresh_from_db()
        if article.status != Article.Status.READY:
            raise RuntimeError(f"The article was not read: {article.error}")

    baseline = rate(bare, times=TIMES)
    yield Figure("reading_an_article", rate(on_the_desk, times=TIMES), baseline)
