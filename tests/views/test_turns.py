"""Writers of one process take turns in the order in which they came."""

import threading
import time

from views.turns import Turns


def test_the_turn_goes_to_whoever_waits_longest() -> None:
    turns, order = Turns(), []
    assert turns.take()

    def wait(name: str) -> None:
        assert turns.take()
        order.append(name)
        turns.give()

    threads = []
    for name in "abcde":
        threads.append(threading.Thread(target=wait, args=(name,)))
        threads[-1].start()
        while len(turns._waiting) < len(threads):
            time.sleep(0.001)
    turns.give()
    for thread in threads:
        thread.join()
    assert "".join(order) == "abcde"
    assert turns.take()


def test_whoever_writes_row_after_row_lets_the_others_in() -> None:
    turns, greedy = Turns(), threading.Event()
    served = []

    def again_and_again() -> None:
        while not greedy.is_set():
            turns.take()
            time.sleep(0.001)
            turns.give()

    thread = threading.Thread(target=again_and_again)
    thread.start()
    for number in range(20):
        assert turns.take(patience=5)
        served.append(number)
        turns.give()
    greedy.set()
    thread.join()
    assert served == list(range(20))


def test_a_thread_never_waits_for_itself() -> None:
    turns = Turns()
    assert turns.take()
    assert not turns.take()
    turns.give()
    assert turns.take()


def test_patience_ends_and_the_place_in_the_queue_is_given_up() -> None:
    turns = Turns()
    turns.take()
    answers: list[bool] = []
    thread = threading.Thread(target=lambda: answers.append(turns.take(patience=0.01)))
    thread.start()
    thread.join()
    assert answers == [False]
    turns.give()
    assert turns.take(patience=0)
