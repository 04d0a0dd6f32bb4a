"""The data files that extraction goes by."""

import tomllib
from pathlib import Path

from claims.extraction import wording


def test_every_language_answers_the_same_questions() -> None:
    folder = Path(wording.__file__).parent / "words"
    files = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in folder.glob("*.toml")}

    asked = {"hedges", "opinion", "evaluation", "prediction", "refusal", "that", "stop", "context"}
    assert set(files) == {"en", "ar", "he", "fr", "es"}
    assert all(asked <= set(data) for data in files.values())


def test_a_language_without_a_file_is_read_with_english_words() -> None:
    assert wording.wording("xx").language == "en"
    assert wording.wording("../en").language == "en"
