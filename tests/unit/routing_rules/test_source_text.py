import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from routing_rules.source_text import (
    DEEPEST,
    Entries,
    Items,
    Position,
    Problem,
    Problems,
    RulebookInvalid,
    Scalar,
    did_you_mean,
    quoted,
    read_yaml,
)


def problems_of(text: str) -> list[str]:
    problems = Problems()
    read_yaml("a.yaml", text, problems)
    return [str(problem) for problem in sorted(problems.found)]


def at(line: int, column: int) -> Position:
    return Position("a.yaml", line, column)


def test_nodes_know_their_place() -> None:
    problems = Problems()

    root = read_yaml("a.yaml", "- name: [one, two]\n  other: {}\n- three\n", problems)

    assert root == Items(
        (
            Entries(
                (
                    (
                        Scalar("name", at(1, 3)),
                        Items((Scalar("one", at(1, 10)), Scalar("two", at(1, 15))), at(1, 9)),
                    ),
                    (Scalar("other", at(2, 3)), Entries((), at(2, 10))),
                ),
                at(1, 3),
            ),
            Scalar("three", at(3, 3)),
        ),
        at(1, 1),
    )
    assert not problems.found


@pytest.mark.parametrize(
    "text", ["on", "no", "0123", "12:30", "2027-04-01", "~", "1_000", "=", "<<"]
)
def test_scalars_are_text(text: str) -> None:
    assert read_yaml("a.yaml", text, Problems()) == Scalar(text, at(1, 1))


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_an_empty_file_has_no_nodes(text: str) -> None:
    problems = Problems()

    assert read_yaml("a.yaml", text, problems) is None
    assert not problems.found


def test_a_mapping_gives_the_value_of_a_key() -> None:
    root = read_yaml("a.yaml", "a: one\nb: two", Problems())

    assert isinstance(root, Entries)
    assert root.get("b") == Scalar("two", at(2, 4))
    assert root.get("c") is None


def test_what_cannot_be_read_is_a_problem_with_a_place() -> None:
    assert problems_of("a: [b\nc: d") == snapshot(
        ["a.yaml:2:2: not readable as YAML: expected ',' or ']', but got ':'"]
    )
    assert problems_of("a: b\nc: d\x07") == snapshot(
        ["a.yaml:2:5: not readable as YAML: a character that is not text"]
    )
    assert problems_of('"\\UFFFFFFFF"') == snapshot(
        ["a.yaml:1:1: not readable as YAML: an escape or a version out of bounds"]
    )
    assert problems_of("- a\n- 'b\n") == snapshot(
        ["a.yaml:3:1: not readable as YAML: found unexpected end of stream"]
    )


def test_what_yaml_can_and_a_rulebook_should_not_is_a_problem() -> None:
    assert problems_of("a: &x [b]\nc: *x") == snapshot(
        [
            "a.yaml:1:4: '&' and '*' are not used here: write it out",
            "a.yaml:2:4: '&' and '*' are not used here: write it out",
        ]
    )
    assert problems_of("a: !!int 4") == snapshot(
        ["a.yaml:1:4: '!' tags are not used here: all values are text"]
    )
    assert problems_of("a: b\na: c") == snapshot(["a.yaml:2:1: 'a' stands here twice"])
    assert problems_of("? [a]\n: b") == snapshot(
        ["a.yaml:1:3: a name is expected here, not a list or a mapping"]
    )
    assert problems_of("--- a\n--- b\n--- c") == snapshot(
        ["a.yaml:2:1: only one YAML document may stand in a file"]
    )
    assert problems_of('a: "\\0"') == snapshot(
        ["a.yaml:1:4: it holds a character that cannot be shown"]
    )
    assert problems_of("- " * (DEEPEST + 2) + "a") == snapshot(
        ["a.yaml:1:43: lists and mappings stand more than 20 deep"]
    )


def test_a_text_that_repeats_itself_by_reference_is_not_expanded() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]

    assert len(problems_of("\n".join(lines))) == 60 + 2 * 59


YAML_LIKE = st.text(
    st.sampled_from("ab: -[]{}&*!|>'\"%#?,\n\t\\0xUu~@`\x00\x85\ud800é"), max_size=60
)


@settings(deadline=None)
@given(st.text() | YAML_LIKE)
@example("\ufeffa: b")
@example("a: \ud800")
def test_no_text_makes_it_raise(text: str) -> None:
    problems = Problems()

    root = read_yaml("a.yaml", text, problems)

    assert problems.found or root is None or root.position.file == "a.yaml"


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "{a: " * 5_000, "%YAML 1." + "9" * 5_000 + "\n--- a"],
    ids=["lists", "mappings", "version"],
)
def test_no_text_exhausts_it(text: str) -> None:
    assert problems_of(text)


def test_problems_are_raised_in_order_of_place() -> None:
    problems = Problems()
    problems.raise_if_any()
    problems.warn(Position("a.yaml"), "a warning stops nothing")
    problems.raise_if_any()
    problems.add(Position("b.yaml", 1, 1), "third")
    problems.add(Position("a.yaml", 10, 1), "second")
    problems.add(Position("a.yaml", 9, 4), "first")

    with pytest.raises(RulebookInvalid) as raised:
        problems.raise_if_any()

    assert str(raised.value) == snapshot("""\
a.yaml:9:4: first
a.yaml:10:1: second
b.yaml:1:1: third\
""")
    assert problems.warnings == [Problem(Position("a.yaml"), "a warning stops nothing")]


def test_a_near_word_is_suggested() -> None:
    assert did_you_mean("hihg", ["low", "high"]) == "; did you mean 'high'?"
    assert did_you_mean("HIGH", ["low", "high"]) == "; did you mean 'high'?"
    assert did_you_mean("purple", ["low", "high"]) == ""


def test_a_quoted_word_stays_on_one_line() -> None:
    assert quoted("two\nlines") == "'two lines'"
    assert quoted("bell\x07") == "'bell?'"
    assert quoted("x" * 61) == "'" + "x" * 60 + "...'"
    assert quoted("x" * 60) == "'" + "x" * 60 + "'"
