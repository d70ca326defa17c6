"""Bounded memory with drafts, and the tables that it stands on."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.filter import last_seen, plain_keys
from services.filter.last_seen import LastSeen
from services.filter.plain_keys import PlainKeys

compiled = pytest.importorskip("services.filter.keys", reason="no compiler was at hand when Fairway was installed")

KEYS = st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(0, 30)
STEPS = st.lists(st.tuples(st.sampled_from(["add", "remove", "find"]), st.lists(KEYS, max_size=40)), max_size=30)


def column(numbers: Any) -> Any:
    return np.array(list(numbers), np.int64)


def found(keys: Any, wanted: Any) -> list[int]:
    slots = np.zeros(len(wanted), np.int64)
    keys.find(wanted, slots)
    return slots.tolist()


@given(STEPS)
def test_the_compiled_keys_do_as_a_dictionary_does(steps):
    one, other = compiled.Keys(), PlainKeys()
    for number, (step, numbers) in enumerate(steps):
        keys = column(numbers)
        for each in (one, other):
            if step == "add":
                each.add(keys, np.arange(len(keys)) + number)
            elif step == "remove":
                each.remove(keys)
        assert found(one, keys) == found(other, keys)
        assert len(one) == len(other)


def test_many_keys_that_come_in_steps_are_found_and_forgotten():
    keys, all_keys = compiled.Keys(), np.arange(200_000) * 64
    keys.add(all_keys, np.arange(len(all_keys)))
    keys.remove(all_keys[::3].copy())
    assert found(keys, all_keys) == [-1 if place % 3 == 0 else place for place in range(len(all_keys))]


@pytest.mark.parametrize(
    "arguments",
    [
        (np.zeros(2, np.int64), np.zeros(3, np.int64)),
        (np.zeros(2, np.int32), np.zeros(2, np.int64)),
        (np.zeros(2), np.zeros(2, np.int64)),
        (np.zeros((2, 2), np.int64), np.zeros((2, 2), np.int64)),
        (np.zeros(4, np.int64)[::2], np.zeros(2, np.int64)),
        ("keys", b"slots"),
    ],
)
def test_columns_of_another_shape_are_refused(arguments):
    for method in (compiled.Keys().find, compiled.Keys().add):
        with pytest.raises((TypeError, ValueError, BufferError)):
            method(*arguments)


def test_a_slot_is_no_negative_number():
    with pytest.raises(ValueError, match="0 or more"):
        compiled.Keys().add(column([1]), column([-1]))


class Plain:
    """The same promise, slow: whole copies."""

    def __init__(self) -> None:
        self.kept: dict[int, int] = {}
        self.draft: dict[int, int] = {}

    def commit(self) -> None:
        self.kept = dict(self.draft)

    def discard(self) -> None:
        self.draft = dict(self.kept)


def read(memory: LastSeen, keys: Any) -> list[int | None]:
    draft = memory.take(keys)
    values, known = draft.values["value"][draft.which].tolist(), draft.is_known[draft.which].tolist()
    return [value if is_known else None for value, is_known in zip(values, known, strict=True)]


MEMORY_STEPS = st.lists(st.sampled_from(["commit", "discard"]) | st.lists(st.integers(0, 9), max_size=5), max_size=40)


@pytest.mark.parametrize("keys", [compiled.Keys, PlainKeys])
@given(steps=MEMORY_STEPS)
def test_behaves_like_a_plain_dictionary_that_is_copied(keys, steps):
    memory, plain = LastSeen({"value": np.int64}, 1_000_000), Plain()
    memory._slots = keys()
    for number, step in enumerate(steps):
        if isinstance(step, str):
            getattr(memory, step)()
            getattr(plain, step)()
            continue
        draft = memory.take(column(step))
        draft.put(draft.which, value=np.full(len(step), number))
        plain.draft.update(dict.fromkeys(step, number))
        assert read(memory, np.arange(10)) == [plain.draft.get(key) for key in range(10)]


def test_forgets_what_was_put_longest_ago():
    memory = LastSeen({"value": np.int64}, 100)
    for start in (0, 60):
        draft = memory.take(np.arange(start, start + 60))
        draft.put(draft.which, value=draft.keys)
        memory.commit()
    assert len(memory) == 90
    assert sorted(memory.values()["value"].tolist())[30:] == list(range(60, 120))


def test_what_is_stale_is_forgotten_and_its_room_used_again():
    memory = LastSeen({"value": np.int64}, 1_000_000)
    for start in range(0, 100_000, 5_000):
        draft = memory.take(np.arange(start, start + 5_000))
        draft.put(draft.which, value=draft.keys)
        memory.commit()
        memory.forget(memory.values()["value"] < start - 10_000)
    assert len(memory) == 15_000
    assert len(memory._keys) <= 32 * last_seen.FEWEST_SLOTS


def grouped(group: Any, keys: Any) -> tuple[list[int], list[int], list[list[int]]]:
    distinct, which, order, ends = (np.full(len(keys), -9) for _ in range(4))
    count, rounds = group(keys, distinct, which, order, ends)
    begins = [0, *ends[:rounds].tolist()]
    return (
        distinct[:count].tolist(),
        which.tolist(),
        [order[begin:end].tolist() for begin, end in pairwise(begins)],
    )


@given(st.lists(KEYS, max_size=60))
def test_compiled_groups_are_those_of_dictionaries(numbers):
    assert grouped(compiled.group, column(numbers)) == grouped(plain_keys.group, column(numbers))


@pytest.mark.parametrize("group", [compiled.group, plain_keys.group])
@given(numbers=st.lists(KEYS, max_size=60))
def test_rounds_give_each_row_once_and_those_of_a_key_in_order(group, numbers):
    distinct, which, rounds = grouped(group, column(numbers))
    assert distinct == list(dict.fromkeys(numbers))
    assert [distinct[number] for number in which] == numbers
    assert sorted(row for some in rounds for row in some) == list(range(len(numbers)))
    assert all(some == sorted(some) and len({numbers[row] for row in some}) == len(some) for some in rounds)
    for key in distinct:
        assert [row for some in rounds for row in some if numbers[row] == key] == [
            row for row, each in enumerate(numbers) if each == key
        ]


def test_many_keys_are_grouped_as_few_are():
    keys = np.tile(np.arange(100_000) * 64, 3)
    distinct, which, rounds = grouped(compiled.group, keys)
    assert distinct == list(range(0, 6_400_000, 64))
    assert which == list(range(100_000)) * 3
    assert rounds == [list(range(begin, begin + 100_000)) for begin in (0, 100_000, 200_000)]


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("strange", [np.zeros(3, np.int64), np.zeros(2, np.int32), b"column"])
def test_groups_of_columns_of_another_shape_are_refused(place, strange):
    columns = [np.zeros(2, np.int64) for _ in range(5)]
    columns[place] = strange
    with pytest.raises((TypeError, ValueError, BufferError)):
        compiled.group(*columns)


def test_what_was_only_looked_at_is_no_newer_for_it():
    memory = LastSeen({"value": np.int64}, 100)
    draft = memory.take(np.arange(100))
    draft.put(draft.which, value=draft.keys)
    memory.commit()
    memory.take(np.arange(50))
    draft = memory.take(np.arange(1000, 1001))
    draft.put(draft.which, value=draft.keys)
    draft = memory.take(np.arange(50, 100))
    draft.put(draft.which, value=draft.keys)
    memory.commit()
    assert len(memory) == 90
    assert sorted(memory.values()["value"].tolist())[-51:] == [*range(50, 100), 1000]
