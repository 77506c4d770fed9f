"""The spool: numbers, lending, settling, limits."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.vitals import Quality, Vital
from devices.edge.spool import Batch, Full, Kept, Spool, SpoolHeldError
from devices.measurement import Spot


def spot(value: float) -> Spot:
    return Spot(
        device="A",
        vital=Vital.WEIGHT,
        value=value,
        measured_at=datetime(2026, 11, 22, tzinfo=UTC),
        raw_at=None,
        quality=Quality(0),
    )


def spots(count: int) -> list[Spot]:
    return [spot(float(value)) for value in range(count)]


def lent(batch: Batch | None) -> tuple[int, ...]:
    return () if batch is None else batch.numbers


def test_numbers_begin_at_one_and_go_up(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db")
    assert spool.append(spots(3)) == Kept(first=1, last=3)
    assert spool.append(spots(2)) == Kept(first=4, last=5)
    assert (spool.waiting, spool.last_number) == (5, 5)
    spool.close()


def test_what_is_lent_is_not_lent_again_until_it_is_taken_back(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db")
    spool.append(spots(4))
    assert lent(spool.lend_live(floor=0, limit=3)) == (1, 2, 3)
    assert lent(spool.lend_live(floor=0, limit=3)) == (4,)
    assert spool.lend_live(floor=0) is None
    spool.take_back(spool.boot, [2, 4])
    assert lent(spool.lend_live(floor=0)) == (2, 4)
    spool.close()


def test_live_items_and_backlog_are_told_apart_by_the_floor(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db")
    spool.append(spots(4))
    assert lent(spool.lend_live(floor=3)) == (4,)
    assert lent(spool.lend_backlog(floor=3)) == (1, 2, 3)
    spool.close()


def test_items_of_an_earlier_boot_keep_their_boot_and_number(tmp_path: Path) -> None:
    first = Spool(tmp_path / "spool.db")
    first.append(spots(2))
    first.close()
    second = Spool(tmp_path / "spool.db")
    assert second.boot != first.boot
    second.append(spots(1))
    backlog = second.lend_backlog(floor=0)
    assert backlog is not None
    assert (backlog.boot, backlog.numbers) == (first.boot, (1, 2))
    live = second.lend_live(floor=0)
    assert live is not None
    assert (live.boot, live.numbers) == (second.boot, (1,))
    second.close()


def test_only_what_was_sent_can_be_settled(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db")
    spool.append(spots(5))
    spool.lend_live(floor=0, limit=3)
    spool.take_back(spool.boot, [3])
    assert spool.settle(spool.boot, [(1, 2**62)]) == 3
    assert spool.settle(spool.boot, [(1, 2**62)]) == 0
    assert spool.waiting == 2
    assert lent(spool.lend_live(floor=0)) == (4, 5)
    spool.close()


def test_an_ack_for_an_unknown_boot_settles_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db")
    spool.append(spots(1))
    other = Spool(tmp_path / "other.db")
    assert spool.settle(other.boot, [(1, 1)]) == 0
    spool.close()
    other.close()


def test_a_full_spool_refuses_and_takes_again_when_there_is_room(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db", max_bytes=200_000)
    kept = 0
    while isinstance(result := spool.append(spots(50)), Kept):
        kept += 50
        assert kept < 10_000
    assert result == Full(reason="SQLITE_FULL")
    assert spool.waiting == kept
    numbers = lent(spool.lend_live(floor=0))
    assert spool.settle(spool.boot, [(numbers[0], numbers[-1])]) == len(numbers)
    again = spool.append(spots(50))
    assert isinstance(again, Kept)
    assert again.first == kept + 51, "the refused numbers are not given again"
    spool.close()


def test_progress_of_a_recording_survives_with_its_items(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db")
    assert spool.lines_played("week") == 0
    spool.append(spots(3), recording="week", lines=4)
    spool.close()
    spool = Spool(tmp_path / "spool.db")
    assert (spool.lines_played("week"), spool.lines_played("other")) == (4, 0)
    spool.close()


def test_one_process_at_a_time(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db")
    with pytest.raises(SpoolHeldError):
        Spool(tmp_path / "spool.db")
    spool.close()
    Spool(tmp_path / "spool.db").close()


def test_nobody_else_may_read_the_file(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db")
    spool.append(spots(1))
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}
    spool.close()
