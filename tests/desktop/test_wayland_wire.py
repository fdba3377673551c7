"""Wayland's wire format, without a wire."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traycoach.desktop.wayland_wire import Arguments, EventParser, WireError, WireEvent, request

Argument = int | str
arguments = st.lists(
    st.integers(0, 2**32 - 1) | st.text(st.characters(blacklist_characters="\0", codec="utf-8"), max_size=40),
    max_size=5,
)


def test_request_is_laid_out_as_the_protocol_says() -> None:
    data = request(2, 0, 7, "wl_seat", 1, 3)

    assert data == struct.pack("=IIII8sII", 2, 32 << 16 | 0, 7, 8, b"wl_seat\0", 1, 3)


@given(arguments)
def test_what_is_packed_is_read_back(given_arguments: list[Argument]) -> None:
    (event,) = EventParser().feed(request(5, 3, *given_arguments))
    reads = Arguments(event.arguments)

    assert (event.object_id, event.opcode) == (5, 3)
    assert [reads.uint() if isinstance(one, int) else reads.string() for one in given_arguments] == given_arguments
    with pytest.raises(WireError):
        reads.uint()


@given(st.lists(arguments, min_size=1, max_size=4), st.data())
def test_events_are_the_same_wherever_the_pieces_end(events: list[list[Argument]], data: st.DataObject) -> None:
    whole = b"".join(request(number, 1, *one) for number, one in enumerate(events, 1))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    parser = EventParser()

    seen: list[WireEvent] = []
    for begin, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
        seen += parser.feed(whole[begin:end])

    assert seen == list(EventParser().feed(whole))
    assert [event.object_id for event in seen] == list(range(1, len(events) + 1))


@pytest.mark.parametrize("size", [0, 4, 7, 9, 11])
def test_length_that_no_message_has_is_an_error(size: int) -> None:
    with pytest.raises(WireError):
        list(EventParser().feed(struct.pack("=II", 1, size << 16)))


@pytest.mark.parametrize("data", [b"", b"\1\0", struct.pack("=I", 400) + b"abc\0"])
def test_argument_that_is_not_there_is_an_error(data: bytes) -> None:
    with pytest.raises(WireError):
        Arguments(data).string()
