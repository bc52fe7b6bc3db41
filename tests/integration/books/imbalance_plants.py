"""Every kind of imbalance that the audit knows, and who plants it."""

from collections.abc import Callable, Mapping

from integration.books import refund_plants, session_plants
from integration.books.planted import Planted
from planted_books import PlantedBooks

from wearon_devkit.books import ImbalanceKind

PLANTS: Mapping[ImbalanceKind, tuple[Callable[[PlantedBooks], Planted], ...]] = {
    ImbalanceKind.REFUND_MISSING: (
        refund_plants.a_failed_user_session_that_nobody_refunded,
        refund_plants.a_failed_store_session_that_nobody_refunded,
        refund_plants.a_charged_session_that_was_judged_uncharged,
    ),
    ImbalanceKind.REFUND_FAILED: (refund_plants.a_refund_that_the_platform_refused,),
    ImbalanceKind.REFUND_RECORDED_NOT_PAID: (
        refund_plants.a_recorded_user_refund_that_moved_nothing,
        refund_plants.a_recorded_store_refund_that_moved_nothing,
    ),
    ImbalanceKind.REFUND_RECORD_MISSING: (refund_plants.a_refund_that_lost_its_record,),
    ImbalanceKind.REFUND_AMOUNT_DIFFERS: (refund_plants.a_refund_of_five_for_one,),
    ImbalanceKind.REFUND_TO_WRONG_PAYER: (refund_plants.a_refund_to_the_store_for_what_its_shopper_paid,),
    ImbalanceKind.REFUNDED_TWICE: (
        refund_plants.a_user_refunded_twice,
        refund_plants.a_user_with_other_sessions_refunded_twice,
        refund_plants.a_store_refunded_twice_without_request_id,
    ),
    ImbalanceKind.REFUND_OF_UNFAILED_SESSION: (
        refund_plants.a_refund_of_a_completed_user_session,
        refund_plants.a_refund_of_a_completed_store_session,
        refund_plants.a_refund_of_a_live_session,
    ),
    ImbalanceKind.REFUND_NEVER_DEDUCTED: (
        refund_plants.a_user_refunded_for_nothing,
        refund_plants.a_user_refunded_for_a_session_that_was_free,
        refund_plants.a_store_refunded_for_an_unknown_request,
        refund_plants.a_store_refunded_for_overage,
    ),
    ImbalanceKind.UNPAID_SESSION: (
        session_plants.a_user_session_that_ran_without_a_deduction,
        session_plants.a_store_session_that_ran_on_a_credit_given_back,
    ),
    ImbalanceKind.DEDUCTION_WITHOUT_SESSION: (
        session_plants.a_user_deduction_without_a_session,
        session_plants.a_deduction_without_a_session_beside_a_refund_of_the_app,
        session_plants.a_store_deduction_without_a_session,
    ),
    ImbalanceKind.BALANCE_DIFFERS: (
        session_plants.a_user_balance_that_somebody_raised,
        session_plants.a_store_balance_that_somebody_lowered,
    ),
    ImbalanceKind.ROW_DISAGREES: (
        session_plants.a_completed_session_shown_as_failed,
        session_plants.a_completed_session_shown_as_queued,
        session_plants.a_failed_session_shown_as_completed,
        session_plants.a_waiting_session_that_its_user_calls_completed,
        session_plants.a_session_given_to_somebody_else,
    ),
    ImbalanceKind.COMPLETED_WITHOUT_IMAGE: (session_plants.a_completed_session_without_an_image,),
    ImbalanceKind.LEASE_RAN_OUT: (session_plants.a_lease_that_ran_out_an_hour_ago,),
}
