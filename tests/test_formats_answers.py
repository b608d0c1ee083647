"""The founding briefings as Word files, web pages and PDFs answer as the text files do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from qa.engine import Engine, build_engine
from qa.model import Answer, SourceUnit
from qa.settings import Settings, seed_corpus
from qa.text import squash
from tests.bench.sets import judged
from tests.rendered import FOUNDING, docx_of, founding, pdf_of, print_page_of, web_page_of

QUESTIONS = (
    "大足区民政局局长是谁？",
    "疫苗一天能打多少人？",
    "养老保险缴费不满15年怎么办？",
    "老旧小区改造装了好多部电梯？",
    "困境儿童的“一个体系”是什么？",
    "去年帮助了多少青年就业？",
    "每千人口有几个托位？",
    "地铁什么时候通到大足？",
)
"""Asked of every format; the last one is not answered."""
LEAST_SAME = 118
"""Of the 120 judged questions so many get the same answer from another format."""

Made = Callable[[str, Path], bytes]
FORMATS: dict[str, tuple[str, SourceUnit, Made]] = {
    "docx": (".docx", SourceUnit.PARAGRAPH, lambda text, _: docx_of(text)),
    "html": (".html", SourceUnit.PARAGRAPH, lambda text, _: web_page_of(text).encode("gb18030")),
    "pdf": (".pdf", SourceUnit.PAGE, lambda text, folder: pdf_of(print_page_of(text), folder, header=True)),
    "pdf-two-columns": (".pdf", SourceUnit.PAGE, lambda text, folder: pdf_of(print_page_of(text, 2), folder)),
}


def _engine(folder: Path, ending: str, made: Made) -> Engine:
    """An engine over the founding briefings in another format; what is known of them is the same."""
    for id in FOUNDING:
        home = folder / "transcripts" / id
        home.mkdir(parents=True)
        known = yaml.safe_load((seed_corpus() / "transcripts" / id / "transcript.yaml").read_text("utf-8"))
        data = made(founding(id), folder)
        name = f"source{ending}"
        (home / name).write_bytes(data)
        known["source"] = {"name": name, "sha256": hashlib.sha256(data).hexdigest()}
        (home / "transcript.yaml").write_text(yaml.safe_dump(known, allow_unicode=True), "utf-8")
    return build_engine(Settings(corpus=folder))


@pytest.fixture(scope="module", params=FORMATS)
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    ending, unit, made = FORMATS[request.param]
    engine = _engine(tmp_path_factory.mktemp(request.param), ending, made)
    assert {transcript.source.unit for transcript in engine.transcripts.values()} == {unit}
    return engine


def _told(answer: Answer) -> tuple[str, list[tuple[str, str]]]:
    """What a resident sees: the status, and each quote with where it is from."""
    return answer.status, [(cite.transcript.id, squash(cite.quote)) for cite in answer.citations]


@pytest.mark.parametrize("question", QUESTIONS)
def test_another_format_gives_the_same_answer(engine: Engine, other: Engine, question: str) -> None:
    """The same status, the same quotes, from the same briefing, and a way back to the file."""
    answer = other.ask(question)
    assert _told(answer) == _told(engine.ask(question))
    for cited in answer.citations:
        assert cited.transcript.source.ranges(cited.span)


@pytest.mark.data
def test_the_judged_questions_get_the_same_answers(engine: Engine, other: Engine, data: Path) -> None:
    """Of the 120 judged questions, at least 118 get the same status and the same quotes."""
    asked = [question.text for question in judged(data / "questions" / "dev.jsonl")]
    same = sum(_told(other.ask(text)) == _told(engine.ask(text)) for text in asked)
    print(f"{same} of {len(asked)} the same")
    assert len(asked) == 120
    assert same >= LEAST_SAME
