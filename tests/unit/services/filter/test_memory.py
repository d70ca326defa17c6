"""Bounded memory with a draft."""

from collections import OrderedDict

from hypothesis import given
from hypothesis import strategies as st

from services.filter.memory import Memory


def _filled(limit: int, **values: int) -> Memory[str, int]:
    memory: Memory[str, int] = Memory(limit)
    for key, value in values.items():
        memory.put(key, value)
    return memory


def test_a_draft_can_be_read_before_it_is_committed():
    assert _filled(5, a=1).get("a") == 1


def test_a_discarded_draft_leaves_no_trace():
    memory = _filled(5, a=1)
    memory.commit()
    memory.put("a", 2)
    memory.put("b", 3)
    memory.discard()
    assert (memory.get("a"), memory.get("b"), memory.newest, len(memory)) == (1, None, 1, 1)


def test_forgets_what_was_put_longest_ago():
    memory = _filled(2, a=1, b=2)
    memory.put("a", 3)
    memory.put("c", 4)
    assert (memory.get("a"), memory.get("b"), memory.get("c")) == (3, None, 4)


def test_a_discard_brings_back_what_the_draft_forgot():
    memory = _filled(1, a=1)
    memory.commit()
    memory.put("b", 2)
    assert memory.get("a") is None
    memory.discard()
    assert memory.get("a") == 1


def test_stale_values_go_at_commit():
    memory: Memory[int, int] = Memory(10, is_stale=lambda value, newest: newest - value > 2)
    for number in range(6):
        memory.put(number, number)
    memory.commit()
    assert [memory.get(number) for number in range(6)] == [None, None, None, 3, 4, 5]


class Plain:
    """The same promise, slow: whole copies."""

    def __init__(self, limit: int) -> None:
        self.limit, self.kept, self.draft = limit, OrderedDict[int, int](), OrderedDict[int, int]()

    def put(self, key: int, value: int) -> None:
        self.draft.pop(key, None)
        self.draft[key] = value
        if len(self.draft) > self.limit:
            self.draft.popitem(last=False)

    def commit(self) -> None:
        self.kept = self.draft.copy()

    def discard(self) -> None:
        self.draft = self.kept.copy()


STEPS = st.lists(st.one_of(st.integers(0, 9), st.sampled_from(["commit", "discard"])), max_size=80)


@given(st.integers(1, 6), STEPS)
def test_behaves_like_a_plain_dictionary_that_is_copied(limit: int, steps: list[int | str]):
    memory, plain = Memory[int, int](limit), Plain(limit)
    for number, step in enumerate(steps):
        for each in (memory, plain):
            getattr(each, step)() if isinstance(step, str) else each.put(step, number)
        assert [memory.get(key) for key in range(10)] == [plain.draft.get(key) for key in range(10)]
        assert len(memory) == len(plain.draft)
