"""What must not be after a chaos run. Each function plants one thing and gives what must be said about it."""

from collections.abc import Callable, Sequence

from integration.chaos.chaos_aftermath import EndedChaos
from session_functions import SessionFunctions

from wearon_devkit.chaos.schedule import Arrival

Plant = Callable[[EndedChaos], Sequence[str]]

STUCK = "1 sessions stuck"
LOST = "1 sessions lost"
NO_IMAGE = "1 sessions completed without an image"
DOUBLE = "1 double refunds of ours"
IMBALANCE = "1 imbalances in the books"
LEFT = "1 entries left in Redis"


def a_session_that_nothing_will_end(chaos: EndedChaos) -> Sequence[str]:
    chaos.waiting("store")
    return [LOST]


def a_session_whose_row_is_gone(chaos: EndedChaos) -> Sequence[str]:
    chaos.producer.deduct(chaos.try_on("b2c"))
    return [LOST, IMBALANCE]


def a_session_whose_task_nobody_takes(chaos: EndedChaos) -> Sequence[str]:
    chaos.producer.submit(chaos.try_on("shopper"))
    return [STUCK, LEFT]


def a_session_that_is_held_for_ever(chaos: EndedChaos) -> Sequence[str]:
    chaos.claimed()
    return [STUCK]


def a_task_that_is_no_task(chaos: EndedChaos) -> Sequence[str]:
    chaos.producer.push("garbage")
    return [LEFT]


def a_session_that_ended_without_its_image(chaos: EndedChaos) -> Sequence[str]:
    assert chaos.claimed().complete(1)
    return [NO_IMAGE]


def a_second_refund(chaos: EndedChaos) -> Sequence[str]:
    chaos.pay_as_we_do(chaos.failed())
    return [DOUBLE, IMBALANCE]


def a_refund_of_what_was_completed(chaos: EndedChaos) -> Sequence[str]:
    chaos.pay_as_we_do(chaos.completed())
    return [DOUBLE, IMBALANCE]


def a_refund_of_what_the_app_took_back(chaos: EndedChaos) -> Sequence[str]:
    chaos.pay_as_we_do(chaos.rewrite(Arrival.TAKEN_BACK, chaos.waiting()))
    return [DOUBLE, IMBALANCE]


def a_refund_after_that_of_the_clean_up(chaos: EndedChaos) -> Sequence[str]:
    session = chaos.claimed()
    steps = chaos.begin(Arrival.CLEANED_UP, session)
    next(steps), next(steps)
    assert session.fail(1) == "not_charged"
    chaos.pay_as_we_do(session)
    _record_as_refunded(chaos, session)
    chaos.finish(steps, session)
    return [DOUBLE, IMBALANCE]


def a_third_refund_beside_that_of_the_clean_up(chaos: EndedChaos) -> Sequence[str]:
    session = chaos.claimed()
    steps = chaos.begin(Arrival.CLEANED_UP, session)
    next(steps)
    assert session.fail(1) == "refunded"
    chaos.pay_as_we_do(chaos.finish(steps, session))
    return [DOUBLE, IMBALANCE]


def a_take_back_whose_credit_is_gone(chaos: EndedChaos) -> Sequence[str]:
    session = chaos.rewrite(Arrival.TAKEN_BACK, chaos.waiting())
    user = session.try_on.owner_id
    chaos.execute("delete from public.credit_transactions where user_id = %s and type = 'refund'", user)
    chaos.execute("update public.user_credits set balance = balance - 1 where user_id = %s", user)
    return [IMBALANCE]


def a_refund_of_a_row_that_its_user_reopened(chaos: EndedChaos) -> Sequence[str]:
    chaos.pay_as_we_do(chaos.rewrite(Arrival.REOPENED, chaos.completed()))
    # Neither is excused any more: who refunds what was completed may have reopened it, too.
    return [DOUBLE, "2 imbalances in the books"]


def a_row_that_disagrees_though_nobody_was_there(chaos: EndedChaos) -> Sequence[str]:
    chaos.producer.set_status(chaos.completed().try_on, "failed")
    return [IMBALANCE]


def a_row_that_disagrees_though_it_was_reopened_before(chaos: EndedChaos) -> Sequence[str]:
    session = chaos.complete(chaos.rewrite(Arrival.REOPENED, chaos.claimed()))
    chaos.producer.set_status(session.try_on, "failed")
    return [IMBALANCE]


def a_failure_that_no_uninstalling_store_explains(chaos: EndedChaos) -> Sequence[str]:
    session = chaos.rewrite(Arrival.UNINSTALLED, chaos.claimed("store"))
    assert chaos.rewrite_of(session).at is None
    chaos.producer.set_status(session.try_on, "failed")
    return [IMBALANCE]


def a_balance_that_no_ledger_explains(chaos: EndedChaos) -> Sequence[str]:
    session = chaos.rewrite(Arrival.GIVEN_AWAY, chaos.completed())
    user = session.try_on.owner_id
    chaos.execute("update public.user_credits set balance = balance + 1 where user_id = %s", user)
    return [IMBALANCE]


def _record_as_refunded(chaos: EndedChaos, session: SessionFunctions) -> None:
    chaos.execute(
        "update wearon.refunds set result = 'refunded', charged = 'user', amount = 1,"
        " recorded_at = clock_timestamp() where session_id = %s",
        session.try_on.session_id,
    )


PLANTS: Sequence[Plant] = (
    a_session_that_nothing_will_end,
    a_session_whose_row_is_gone,
    a_session_whose_task_nobody_takes,
    a_session_that_is_held_for_ever,
    a_task_that_is_no_task,
    a_session_that_ended_without_its_image,
    a_second_refund,
    a_refund_of_what_was_completed,
    a_refund_of_what_the_app_took_back,
    a_refund_after_that_of_the_clean_up,
    a_third_refund_beside_that_of_the_clean_up,
    a_take_back_whose_credit_is_gone,
    a_refund_of_a_row_that_its_user_reopened,
    a_row_that_disagrees_though_nobody_was_there,
    a_row_that_disagrees_though_it_was_reopened_before,
    a_failure_that_no_uninstalling_store_explains,
    a_balance_that_no_ledger_explains,
)
