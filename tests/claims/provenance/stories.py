"""Small stories to count: written by hand for one rule, or drawn at random by Hypothesis."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from claims.provenance.origins import (
    DEPENDENCE,
    KINDS,
    Article,
    Edge,
    Source,
    Summary,
    Trace,
    count,
    trace,
)


@dataclass(frozen=True, slots=True)
class Story:
    """What one count is made of."""

    articles: tuple[Article, ...]
    sources: tuple[Source, ...] = ()
    edges: tuple[Edge, ...] = ()

    def count(self) -> Summary:
        return count(self.articles, self.sources, self.edges)

    def trace(self) -> Trace:
        return trace(self.articles, self.sources, self.edges)

    def having(self, *more: Article | Source | Edge) -> "Story":
        """The same story with more in it."""
        return Story(
            self.articles + tuple(m for m in more if isinstance(m, Article)),
            self.sources + tuple(m for m in more if isinstance(m, Source)),
            self.edges + tuple(m for m in more if isinstance(m, Edge)),
        )

    def with_edge(self, number: int, status: str) -> "Story":
        """The same story with the status of one edge decided."""
        edges = list(self.edges)
        edges[number] = replace(edges[number], status=status)
        return replace(self, edges=tuple(edges))


def articles(*ids: str, retracted: str = "") -> tuple[Article, ...]:
    """Articles of as many outlets; those named in ``retracted`` were withdrawn."""
    return tuple(Article(i, f"Paper {i}", f"House {i}", i in retracted.split()) for i in ids)


def edges(*lines: str) -> tuple[Edge, ...]:
    """Edges written as ``a1 copies a2``, ``a1 attributes_to p suggested`` or ``… denial``."""
    made = []
    for line in lines:
        source, kind, target, *rest = line.split()
        status = next((word for word in rest if word != "denial"), "confirmed")
        made.append(Edge(source, target, kind, "denial" in rest, status))
    return tuple(made)


_ARTICLES = [f"a{n}" for n in range(6)]
_SOURCES = [f"s{n}" for n in range(5)]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Any story of up to six articles, five sources and fourteen edges, rings and loops too."""
    papers = draw(st.lists(st.sampled_from(_ARTICLES), min_size=1, unique=True))
    cited = draw(st.lists(st.sampled_from(_SOURCES), unique=True))
    outlets = st.sampled_from(["", "Alpha", "Beta", "Gamma"])
    owners = st.sampled_from(["", "One", "Two"])
    ends = st.sampled_from(papers + cited)
    return Story(
        tuple(
            Article(i, draw(outlets), draw(owners), draw(st.integers(0, 4)) == 0) for i in papers
        ),
        tuple(
            Source(
                i,
                draw(st.sampled_from(sorted(KINDS))),
                first_hand=draw(st.sampled_from([None, None, True, False])),
                retracted=draw(st.integers(0, 5)) == 0,
                speaks_for=draw(st.sampled_from(["", "", "Ministry", "Club"])),
            )
            for i in cited
        ),
        tuple(
            draw(
                st.lists(
                    st.builds(
                        Edge,
                        source=ends,
                        target=ends,
                        type=st.sampled_from([*sorted(DEPENDENCE), "links_to", "same_owner"]),
                        is_denial=st.integers(0, 5).map(lambda n: n == 0),
                        status=st.sampled_from(
                            ["confirmed", "confirmed", "suggested", "rejected"]
                        ),
                    ),
                    max_size=14,
                )
            )
        ),
    )
