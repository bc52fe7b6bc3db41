"""The faults that OpenAI itself would answer with, as its errors."""

from typing import NamedTuple

from wearon_devkit.openai_local.errors import ApiError
from wearon_devkit.openai_local.faults import Fault, FaultKind

QUOTA_TEXT = "You exceeded your current quota, please check your plan and billing details."


class ErrorShape(NamedTuple):
    """What one kind of error looks like; `{model}` in its message is the call's model."""

    status: int
    type: str
    code: str | None
    message: str
    param: str | None = None


SHAPES = {
    FaultKind.RATE_LIMIT_EXCEEDED: ErrorShape(
        429, "requests", "rate_limit_exceeded", "Rate limit reached for {model}. Please try again later."
    ),
    FaultKind.SLOW_DOWN: ErrorShape(
        429, "rate_limit_error", "slow_down", "Your request rate grew too quickly. Please slow down."
    ),
    FaultKind.INSUFFICIENT_QUOTA: ErrorShape(429, "insufficient_quota", "insufficient_quota", QUOTA_TEXT),
    FaultKind.CREDIT_BALANCE_EXHAUSTED: ErrorShape(
        429, "insufficient_quota", "credit_balance_exhausted", QUOTA_TEXT
    ),
    FaultKind.PROJECT_SPEND_LIMIT_EXCEEDED: ErrorShape(
        429, "insufficient_quota", "project_spend_limit_exceeded", QUOTA_TEXT
    ),
    FaultKind.ORGANIZATION_SPEND_LIMIT_EXCEEDED: ErrorShape(
        429, "insufficient_quota", "organization_spend_limit_exceeded", QUOTA_TEXT
    ),
    FaultKind.OVERLOADED: ErrorShape(
        503,
        "service_unavailable_error",
        "server_is_overloaded",
        "Our servers are overloaded. Please try later.",
    ),
    FaultKind.SERVER_ERROR: ErrorShape(
        500, "server_error", None, "The server had an error while processing your request. Sorry about that!"
    ),
    FaultKind.INVALID_API_KEY: ErrorShape(
        401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided."
    ),
    FaultKind.FORBIDDEN: ErrorShape(
        403,
        "request_forbidden",
        "unsupported_country_region_territory",
        "Country, region, or territory not supported",
    ),
    FaultKind.MODEL_NOT_FOUND: ErrorShape(
        404,
        "invalid_request_error",
        "model_not_found",
        "The model '{model}' does not exist or you do not have access to it.",
    ),
    FaultKind.REQUEST_TIMEOUT: ErrorShape(408, "server_error", None, "The request took too long to arrive."),
    FaultKind.CONFLICT: ErrorShape(409, "server_error", None, "Another request has changed the resource."),
    FaultKind.MODERATION_BLOCKED: ErrorShape(
        400,
        "image_generation_user_error",
        "moderation_blocked",
        "Your request was rejected by the safety system. safety_violations=[sexual].",
    ),
    FaultKind.INVALID_REQUEST: ErrorShape(
        400, "invalid_request_error", "invalid_value", "Invalid value for 'prompt'.", "prompt"
    ),
}


def error_of(fault: Fault, model: str) -> ApiError | None:
    """Return the API error of a fault, or None when the fault is of another nature."""
    shape = SHAPES.get(fault.kind)
    if shape is None:
        return None
    return ApiError(
        shape.status,
        shape.code,
        shape.message.format(model=model),
        type=shape.type,
        param=shape.param,
        headers=retry_after_header(fault.retry_after_s),
    )


def retry_after_header(retry_after_s: float | None) -> dict[str, str]:
    """Return the header, whole seconds without a decimal point."""
    return {} if retry_after_s is None else {"retry-after": f"{retry_after_s:g}"}
