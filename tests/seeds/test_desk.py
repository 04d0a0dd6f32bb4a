"""The sample desk: its people, and the check they have done, fit the rules and the archive."""

from typing import Any

from seeds.archive import build
from tests.seeds.samples import SEEDS, by_url, read

DESK: dict[str, Any] = read(SEEDS / "desk.json")
CHECK: dict[str, Any] = DESK["check"]
FERRY: dict[str, Any] = read(build.HERE / "expected.json")["stories"]["ferry"]
ROLES = {row["username"]: set(row["roles"]) for row in DESK["accounts"]}


def test_the_desk_has_the_accounts_that_are_promised() -> None:
    assert list(ROLES) == [
        "contributor",
        "reviewer-1",
        "reviewer-2",
        "reviewer-3",
        "editor-1",
        "editor-2",
        "admin",
    ]
    for username, roles in ROLES.items():
        assert roles == {username.split("-")[0]}
    (integration,) = DESK["tokens"]
    assert integration["name"] == "integration"
    assert integration["scopes"] == [
        "claims:read",
        "claims:write",
        "coverage:write",
        "events:read",
    ]


def test_a_domain_belongs_to_one_outlet_and_every_one_is_constructed() -> None:
    domains = [domain for outlet in DESK["outlets"] for domain in outlet["domains"]]
    assert len(domains) == len(set(domains))
    assert all(domain.endswith(".example") for domain in domains)
    assert len({outlet["name"] for outlet in DESK["outlets"]}) == len(DESK["outlets"])
    assert [outlet["name"] for outlet in DESK["outlets"] if outlet["agency"]] == ["Kestrelwire"]


def test_the_claim_is_the_words_of_the_article_so_that_its_taker_is_no_author() -> None:
    article = (SEEDS / CHECK["article"]["file"]).read_text(encoding="utf-8")
    assert CHECK["claim"]["text"] == CHECK["claim"]["quote"]
    assert article.count(CHECK["claim"]["quote"]) == 1
    assert "Constructed sample article" in article


def test_every_quote_stands_in_its_page() -> None:
    for evidence in CHECK["evidence"]:
        assert evidence["quote"]["exact"] in by_url()[evidence["url"]].text, evidence["key"]


def test_the_evidence_has_both_sides_and_more_than_one_owner() -> None:
    assert {evidence["stance"] for evidence in CHECK["evidence"]} == {
        "supports",
        "refutes",
        "context",
    }
    owners = {e["owner"] for e in CHECK["evidence"] if e["stance"] == "supports"}
    assert len(owners) >= 2


def test_every_sentence_of_the_finding_is_tied_to_evidence_or_marked_as_judgement() -> None:
    keys = [evidence["key"] for evidence in CHECK["evidence"]]
    assert len(keys) == len(set(keys))
    lead, *others = CHECK["reviews"]
    sentences = lead["finding"]["sentences"]
    for sentence in sentences:
        assert set(sentence["evidence"]) <= set(lead["evidence"]) <= set(keys)
        assert bool(sentence["evidence"]) != sentence.get("judgement", False)
    assert any(sentence["evidence"] for sentence in sentences)
    assert all("finding" not in review for review in others)
    assert all(set(review["evidence"]) <= set(keys) for review in others)


def test_four_eyes_see_the_check_and_the_ratings_settle_it() -> None:
    reviewers = [review["by"] for review in CHECK["reviews"]]
    assert len(set(reviewers)) == 2
    assert all("reviewer" in ROLES[reviewer] for reviewer in reviewers)
    assert CHECK["agreed_by"] in reviewers[1:]
    assert "editor" in ROLES[CHECK["published_by"]]
    assert CHECK["published_by"] not in reviewers
    ratings = {review["rating"] for review in CHECK["reviews"]}
    scale = read(SEEDS / "scales" / f"{DESK['scale']}.json")
    assert len(ratings) == 1
    assert ratings <= {rating["code"] for rating in scale["ratings"]}


def test_the_links_people_confirm_are_those_the_interval_rests_on() -> None:
    pages: dict[str, str] = {
        row["url"]: row["id"] for row in FERRY["graph"]["articles"] if "url" in row
    }
    labels: dict[str, str] = {row["label"]: row["id"] for row in FERRY["graph"]["sources"]}

    def id_of(node: dict[str, str]) -> str:
        if "page" in node:
            return pages[node["page"]]
        return labels[node["source"]] if "source" in node else "handed-in"

    confirmed = {
        (id_of(d["from"]), id_of(d["to"]), d["type"], d.get("is_denial", False))
        for d in CHECK["decisions"]
        if d["do"] == "confirm"
    }
    assert confirmed == {
        (e["from"], e["to"], e["type"], e.get("is_denial", False))
        for e in FERRY["graph"]["edges"]
        if e["type"] != "same_owner"
    }
    voices = {
        id_of(d["node"]): d["organisation"] for d in CHECK["decisions"] if d["do"] == "speaks_for"
    }
    assert voices == {
        row["id"]: row["speaks_for"] for row in FERRY["graph"]["sources"] if "speaks_for" in row
    }
    withdrawn = {id_of(d["node"]) for d in CHECK["decisions"] if d["do"] == "retract"}
    assert withdrawn == {r["id"] for r in FERRY["graph"]["articles"] if r.get("retracted")}


def test_whoever_decides_on_the_links_sits_in_neither_seat() -> None:
    deciders = {decision["by"] for decision in CHECK["decisions"]}
    assert deciders.isdisjoint(review["by"] for review in CHECK["reviews"])


def test_a_low_end_of_two_lets_the_rating_be_published_without_an_override() -> None:
    assert FERRY["confirmed"]["origins_low"] == 2
