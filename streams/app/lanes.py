"""The lanes by name: which topic each reads, and as which consumer group. Light, for what only asks for names."""

from streams.metrics import Lane
from streams.settings import Settings


def group_name(settings: Settings, lane: Lane, kinds: frozenset[str] | None) -> str:
    """The consumer group: one for each lane, and one for each choice of kinds, so that each can be scaled apart."""
    parts = [settings.kafka.group]
    if lane is Lane.REPLAY:
        parts.append("replay")
    parts += sorted(kind.replace("_", "-") for kind in kinds or ())
    return "-".join(parts)


def lane_topic(settings: Settings, lane: Lane) -> str:
    """The topic that a lane reads."""
    return settings.topics.articles if lane is Lane.LIVE else settings.topics.replay
