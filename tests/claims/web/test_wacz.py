"""A bundle opens in other tools: their validator passes it, and its index leads to each page."""

import gzip
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from uuid import UUID

import pytest
from surt import surt as theirs
from warcio.archiveiterator import ArchiveIterator

from claims.web import wacz as bundles
from claims.web.wacz import Bundle, surt
from tests.claims.web.test_packing import WHEN, capture

URLS = [
    "https://www.paper.example/a?z=1&a=2",
    "https://paper.example/",
    "http://paper.example/Big/",
    "https://אתר.example/x",
    "urn:uuid:0b5cf9f2-6a0f-4c0e-9d53-1f0a52a1a001",
]


def written(path: Path, *, urls: list[str] = URLS) -> Path:
    with (
        path.open("wb") as file,
        Bundle(file, title="Bridge closed", created=WHEN) as bundle,
    ):
        for number, url in enumerate(urls):
            status = 200 if url.startswith("http") else None
            one = capture(key=UUID(int=number + 1), url=url, status=status)
            bundle.add(one, title=f"Page {number}")
        bundle.put("desk/evidence.json", b"{}")
        bundle.description = "All of it."
    return path


def validated(path: Path) -> int:
    """What the format's own tool says, in a process of its own: it leaves folders behind."""
    run = "import sys; from wacz.main import main; sys.exit(main(sys.argv[1:]))"
    asked = [sys.executable, "-c", run, "validate", "--file", str(path)]
    return subprocess.run(asked, check=False, capture_output=True, timeout=120).returncode


def test_the_formats_own_tool_finds_it_valid(tmp_path: Path) -> None:
    path = written(tmp_path / "one.wacz")
    assert validated(path) == 0


def test_the_formats_own_tool_finds_a_changed_byte(tmp_path: Path) -> None:
    path = written(tmp_path / "one.wacz")
    changed = tmp_path / "changed.wacz"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for info in old.infolist():
            body = old.read(info)
            new.writestr(info, body.replace(b"Page 0", b"Page X"))
    assert validated(changed) != 0


def test_every_file_is_listed_with_its_size_and_digest(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(tmp_path / "one.wacz")) as file:
        said = json.loads(file.read("datapackage.json"))
        listed = {one["path"]: one for one in said["resources"]}
        for name in set(file.namelist()) - {"datapackage.json", "datapackage-digest.json"}:
            body = file.read(name)
            assert listed[name]["bytes"] == len(body)
            assert listed[name]["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
        assert (said["title"], said["description"]) == ("Bridge closed", "All of it.")
        archives = [info for info in file.infolist() if info.filename.endswith(".gz")]
        assert {info.compress_type for info in archives} == {zipfile.ZIP_STORED}
        assert file.testzip() is None


def test_the_index_leads_to_each_page(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(tmp_path / "one.wacz")) as file:
        lines = gzip.decompress(file.read("indexes/index.cdx.gz")).decode().splitlines()
        assert lines == sorted(lines)
        assert len(lines) == len(URLS)
        for line in lines:
            said = json.loads(line.split(" ", 2)[2])
            packed = file.read(f"archive/{said['filename']}")
            one = packed[said["offset"] : said["offset"] + said["length"]]
            (record,) = ArchiveIterator(io.BytesIO(one), check_digests="raise")
            assert record.rec_headers.get_header("WARC-Target-URI") == said["url"]


def test_a_long_index_is_cut_into_blocks_that_the_short_one_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "_BLOCK", 2)
    with zipfile.ZipFile(written(tmp_path / "one.wacz")) as file:
        packed = file.read("indexes/index.cdx.gz")
        head, *blocks = file.read("indexes/index.idx").decode().splitlines()
        assert head.startswith("!meta 0 ")
        assert len(blocks) == 3
        for line in blocks:
            said = json.loads(line[line.index("{") :])
            block = packed[said["offset"] : said["offset"] + said["length"]]
            assert gzip.decompress(block).decode().startswith(line[: line.index(" {")])


def test_pages_are_listed_with_title_and_time(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(tmp_path / "one.wacz")) as file:
        head, *rows = map(json.loads, file.read("pages/pages.jsonl").decode().splitlines())
    assert head["format"] == "json-pages-1.0"
    assert [row["url"] for row in rows] == URLS
    assert rows[0]["title"] == "Page 0"
    assert rows[0]["ts"] == "2024-03-01T10:11:12Z"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.paper.example/A/b?z=1&a=2",
        "http://paper.example",
        "http://paper.example/a/",
        "http://paper.example:8080/a",
        "https://m.paper.example/x%20y?q=a+b",
        "urn:uuid:ab-CD",
    ],
)
def test_addresses_are_turned_round_as_other_tools_do(url: str) -> None:
    assert surt(url) == theirs(url)


def test_an_empty_bundle_is_one_too(tmp_path: Path) -> None:
    path = written(tmp_path / "none.wacz", urls=[])
    with zipfile.ZipFile(path) as file:
        assert "datapackage.json" in file.namelist()


def test_what_broke_off_is_no_bundle(tmp_path: Path) -> None:
    path = tmp_path / "half.wacz"

    def break_off() -> None:
        with path.open("wb") as file, Bundle(file, title="Half", created=WHEN) as bundle:
            bundle.add(capture())
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        break_off()
    with zipfile.ZipFile(path) as file:
        assert "datapackage.json" not in file.namelist()
