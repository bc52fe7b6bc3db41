"""Every fault that a script may ask for.

Each kind, and what the caller sees. `latency_s` (any kind): seconds before it happens, 0 by default.
`retry_after_s` (kinds marked R): sent as `Retry-After`; left out, no such header is sent.

| kind | answer |
|---|---|
| `rate_limit_exceeded` R | 429, type `requests`: too many requests in this minute |
| `slow_down` R | 429, type `rate_limit_error`: the rate grew too fast |
| `insufficient_quota` | 429: the plan's quota is used up |
| `credit_balance_exhausted` | 429, type `insufficient_quota`: no prepaid credit left |
| `project_spend_limit_exceeded` | 429, type `insufficient_quota`: the project's own limit |
| `organization_spend_limit_exceeded` | 429, type `insufficient_quota`: the organization's limit |
| `overloaded` R | 503, code `server_is_overloaded` |
| `server_error` | 500, type `server_error` |
| `bad_gateway` | 502 with a proxy's HTML page instead of JSON |
| `invalid_api_key` | 401 |
| `forbidden` | 403, code `unsupported_country_region_territory` |
| `model_not_found` | 404, as after a model's shutdown |
| `request_timeout` | 408 |
| `conflict` | 409 |
| `moderation_blocked` | 400, type `image_generation_user_error`: the safety system refuses |
| `invalid_request` | 400, code `invalid_value`, param `prompt` |
| `not_json` | 200 whose body is not JSON |
| `no_data` | 200 with JSON that lacks `data` |
| `not_an_image` | 200 whose `b64_json` decodes to something that is no picture |
| `truncated` | 200 that promises a whole body, sends half of it and closes |
| `drip` | 200 headers, then one byte each 0.2 s, for ever |
| `hang` | nothing, for ever |
| `disconnect` | closes the connection in order, without an answer |
| `reset` | resets the connection (TCP RST), without an answer |
| `slow` | the good answer, after `latency_s` in place of the usual latency |
"""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class FaultKind(StrEnum):
    """The kinds of the table above."""

    RATE_LIMIT_EXCEEDED = "rate_limit_exceeded"
    SLOW_DOWN = "slow_down"
    INSUFFICIENT_QUOTA = "insufficient_quota"
    CREDIT_BALANCE_EXHAUSTED = "credit_balance_exhausted"
    PROJECT_SPEND_LIMIT_EXCEEDED = "project_spend_limit_exceeded"
    ORGANIZATION_SPEND_LIMIT_EXCEEDED = "organization_spend_limit_exceeded"
    OVERLOADED = "overloaded"
    SERVER_ERROR = "server_error"
    BAD_GATEWAY = "bad_gateway"
    INVALID_API_KEY = "invalid_api_key"
    FORBIDDEN = "forbidden"
    MODEL_NOT_FOUND = "model_not_found"
    REQUEST_TIMEOUT = "request_timeout"
    CONFLICT = "conflict"
    MODERATION_BLOCKED = "moderation_blocked"
    INVALID_REQUEST = "invalid_request"
    NOT_JSON = "not_json"
    NO_DATA = "no_data"
    NOT_AN_IMAGE = "not_an_image"
    TRUNCATED = "truncated"
    DRIP = "drip"
    HANG = "hang"
    DISCONNECT = "disconnect"
    RESET = "reset"
    SLOW = "slow"


class Fault(BaseModel):
    """One fault to happen to one call."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: FaultKind
    retry_after_s: float | None = Field(default=None, ge=0)
    latency_s: float = Field(default=0, ge=0)
