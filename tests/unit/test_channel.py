import pytest

from wearon_common.channel import Channel


@pytest.mark.parametrize(
    ("channel", "queue", "path"),
    [
        (Channel.B2C, "generation.b2c", "generated/OWNER/SESSION.jpg"),
        (Channel.B2B, "generation.b2b", "stores/OWNER/generated/SESSION.jpg"),
    ],
)
def test_each_channel_has_its_queue_and_its_place_for_images(channel: Channel, queue: str, path: str) -> None:
    assert channel.traits.queue == queue
    assert channel.traits.result_path_for("OWNER", "SESSION") == path


def test_no_two_channels_share_anything() -> None:
    traits = [channel.traits for channel in Channel]
    for name in ("owner_field", "queue", "result_path"):
        assert len({getattr(trait, name) for trait in traits}) == len(traits)
