# ruff: noqa: E501 - error texts stand here as they are printed
from inline_snapshot import snapshot

from tests.unit.routing_rules.rule_files import changed, problems_of


def test_a_field_must_be_there_and_stand_in_its_place() -> None:
    assert problems_of(changed("    risk:", "    rsik:")) == snapshot(
        [
            "5:5: 'rsik' is not a field of the event 'police domestic abuse'; allowed: risk, incident types, children present; did you mean 'risk'?"
        ]
    )
    assert problems_of(changed("role: victim", "rol: victim")) == snapshot(
        [
            "7:25: 'rol' is not a field of a person; allowed: role, also victim, also alleged perpetrator, age, stage, pregnant, sex, home, district, booking, practice, school type, address restricted, flags, parent's role; did you mean 'role'?"
        ]
    )
    assert problems_of(changed("role: victim", "risk: high")) == snapshot(
        ["7:25: 'risk' is a field of the event: write it under 'when'"]
    )
    assert problems_of(changed("    concerns:", "    age:")) == snapshot(
        ["25:5: 'age' is a field of a person: write it under 'about'"]
    )


def test_lists_are_neither_empty_nor_repeat_themselves() -> None:
    assert problems_of(changed("[yes, possible]", "[]")) == snapshot(
        ["7:49: an empty list says nothing: name something, or leave it out"]
    )
    assert problems_of(changed("[yes, possible]", "[yes, yes]")) == snapshot(
        ["7:55: 'yes' stands here twice"]
    )
    assert problems_of(changed("[para 1.13, rec 1.6]", "[]")) == snapshot(
        ["16:11: an empty list says nothing: name something, or leave it out"]
    )
    assert problems_of(changed("{age: [under 5, 5 to 15, unknown]}", "{}")) == snapshot(
        ["26:10: a mapping from fields to values is expected here"]
    )


def test_any_and_otherwise_are_no_values() -> None:
    assert problems_of(changed("[yes, possible]", "any")) == snapshot(
        ["7:49: 'any' is not written: leave the field out, or name its values"]
    )
    assert problems_of(changed("[yes, possible]", "[yes, otherwise]")) == snapshot(
        ["7:55: 'otherwise' is only for an urgency: name the values"]
    )
    assert problems_of(changed("[under 5, 5 to 15, unknown]", "any")) == snapshot(
        ["26:16: 'any' is not written: leave the field out, or name its values"]
    )


def test_number_phrases_are_closed_and_possible() -> None:
    def problems_with(phrases: str) -> list[str]:
        return problems_of(changed("[under 5, 5 to 15, unknown]", phrases))

    assert problems_with("[younger than 5, unknown]") == snapshot(
        [
            "26:17: 'younger than 5' does not say which age; write 'under 5', 'over 5', '5 to 15', 'at least 5', 'at most 5', 'exactly 5', 'unknown'"
        ]
    )
    assert problems_with("[15 to 5, unknown]") == snapshot(["26:17: '15 to 5' covers no age"])
    assert problems_with("[5 to 131, unknown]") == snapshot(
        ["26:17: 131 is no possible age: it is 0 to 130"]
    )
    assert problems_with("[under 0, over 130, unknown]") == snapshot(
        ["26:17: 'under 0' covers no age", "26:26: 'over 130' covers no age"]
    )
    assert problems_with("[known to be under 5, unknown]") == snapshot(
        ["26:17: 'known to be' and 'unknown' contradict each other"]
    )
    assert problems_with("[under 5, under 5, unknown]") == snapshot(
        ["26:26: 'under 5' stands here twice"]
    )
    assert problems_with("[-1, unknown]") == snapshot(
        [
            "26:17: '-1' does not say which age; write 'under 5', 'over 5', '5 to 15', 'at least 5', 'at most 5', 'exactly 5', 'unknown'"
        ]
    )
    assert problems_with(f"[{'9' * 5000}, unknown]") == snapshot(
        [
            "26:17: '999999999999999999999999999999999999999999999999999999999999...' does not say which age; write 'under 5', 'over 5', '5 to 15', 'at least 5', 'at most 5', 'exactly 5', 'unknown'"
        ]
    )


def test_each_person_where_holds_all_conditions() -> None:
    text = changed(
        "each person where: {role: victim,", "role: victim\n    each person where: {sex: female,"
    )

    assert problems_of(text) == snapshot(
        ["7:5: 'each person where' holds all conditions: put them inside it"]
    )


def test_what_is_still_told_is_another_value_of_a_list_field() -> None:
    def problems_with(but_still: str) -> list[str]:
        return problems_of(changed("{concerns: [self harm, overdose], tell: [camhs]}", but_still))

    assert problems_with("camhs") == snapshot(
        ["43:14: what is still told, and to whom, is expected here"]
    )
    assert problems_with("[]") == snapshot(["43:14: an empty list says nothing: leave it out"])
    assert problems_with("{tell: [camhs]}") == snapshot(
        [
            "43:14: it names values of one field, and whom to tell; write it as {concerns: [self harm], tell: [camhs]}"
        ]
    )
    assert problems_with("{concerns: [self harm]}") == snapshot(
        [
            "43:14: it names values of one field, and whom to tell; write it as {concerns: [self harm], tell: [camhs]}"
        ]
    )
    assert problems_with("{concerns: [sexual health, burn], tell: [camhs]}") == snapshot(
        ["43:15: 'sexual health' is withheld by the same block"]
    )
    assert problems_with("{department: ed, tell: [camhs]}") == snapshot(
        ["43:15: 'department' is not a list field of the event; allowed: concerns"]
    )
    assert problems_with("{age: under 5, tell: [camhs]}") == snapshot(
        ["43:15: 'age' is not a list field of the event; allowed: concerns"]
    )
    assert problems_with("{concerns: [self harm], tell: []}") == snapshot(
        ["43:44: an empty list says nothing: name something, or leave it out"]
    )
