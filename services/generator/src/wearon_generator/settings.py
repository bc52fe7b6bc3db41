"""What the generator can be told."""

from datetime import timedelta
from decimal import Decimal

from pydantic import Field, SecretStr

from wearon_common.settings import BrokerSettings, HttpUrl, ImageFetchSettings, Port, Seconds, StorageSettings


class OpenAISettings(BrokerSettings):
    """How to ask OpenAI for an image, and what it costs."""

    openai_api_key: SecretStr = Field(description="Key of the OpenAI project that pays")
    openai_base_url: HttpUrl = Field("https://api.openai.com/v1", description="Where the API is")
    openai_image_model: str = Field("gpt-image-2.6-flare", description="Model of /images/edits")
    openai_image_size: str = Field("1024x1536", description="Size of the finished image, in pixels")
    openai_image_quality: str = Field("medium", description="low, medium or high")
    openai_image_format: str = Field("jpeg", description="Format asked for; what is stored is a JPEG")
    openai_max_retries: int = Field(3, ge=0, description="Retries of a call that OpenAI could not serve")
    openai_requests_per_minute: int = Field(300, gt=0, description="Calls a minute of all replicas together")
    openai_timeout: Seconds = Field(
        timedelta(seconds=180),
        validation_alias="OPENAI_TIMEOUT_SECONDS",
        description="Longest wait for one call, to its last byte",
    )
    openai_usd_per_1m_text_tokens: Decimal = Field(Decimal(5), ge=0, description="Price of text input")
    openai_usd_per_1m_image_tokens: Decimal = Field(Decimal(8), ge=0, description="Price of image input")
    openai_usd_per_1m_output_tokens: Decimal = Field(Decimal(30), ge=0, description="Price of the output")


class GeneratorSettings(OpenAISettings, StorageSettings, ImageFetchSettings):
    """Settings of `wearon-generator`."""

    port: Port = Field(9100, description="HTTP port of /health and /metrics")
    worker_concurrency: int = Field(5, gt=0, description="Generations in flight in this process")
    generation_deadline: Seconds = Field(
        timedelta(seconds=300),
        validation_alias="GENERATION_DEADLINE_SECONDS",
        description="Longest time for one generation, all waits included",
    )
    generation_lease: Seconds = Field(
        timedelta(seconds=90),
        validation_alias="GENERATION_LEASE_SECONDS",
        description="A session whose generator is silent for this long is free again; renewed at half time",
    )
    throttle_delay: Seconds = Field(
        timedelta(seconds=10),
        validation_alias="THROTTLE_DELAY_SECONDS",
        description="Wait after OpenAI's first 429 when it names none",
    )
