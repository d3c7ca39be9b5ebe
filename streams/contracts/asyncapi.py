"""The AsyncAPI 3.1 document: which topics there are, how they are set up, and what a record of each looks like."""

from typing import Any

from schemas.json_schema import components, signal_model
from schemas.signal import PAYLOADS
from streams.contracts.headers import article_headers, dead_letter_headers, signal_headers
from streams.kafka import TopicPlan, topic_plans
from streams.metrics import Lane
from streams.settings import KafkaSettings, TopicSettings

VERSION = "1.0.0"
"""Of the contracts, not of the program: fields added raise the second number, a break is a new topic."""

_BINDING = "0.5.0"
_KEY = {"type": "string", "description": "The article's id: all that belongs to one article keeps its order."}
_TITLES = {
    "articles": "News articles, as they happen.",
    "replay": "News articles of the past, so that history never delays live news.",
    "dlq": "What could not be read or classified: the original bytes, and why.",
}


def document() -> dict[str, Any]:
    """The whole document, with the topics' default names and the settings that `geosignals topics create` gives them."""
    topics = TopicSettings()
    plans = {plan.name: plan for plan in topic_plans(topics)}
    channels = {"articles": topics.articles, "replay": topics.replay}
    channels |= {kind: topics.of_kind(kind) for kind in PAYLOADS} | {"dlq": topics.dlq}
    return {
        "asyncapi": "3.1.0",
        "id": "urn:geosignals",
        "info": {
            "title": "geosignals",
            "version": VERSION,
            "description": "News articles in, geopolitical signals out. Delivery is at least once: deduplicate signals "
            "on ce_id. Ignore fields that you do not know; a change that breaks is a new topic.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"kafka": _server()},
        "channels": {name: _channel(name, plans[topic]) for name, topic in channels.items()},
        "operations": {_operation(name): _does(name) for name in channels},
        "components": {"messages": _messages(), "schemas": dict(components()), "securitySchemes": _security()},
    }


def _server() -> dict[str, Any]:
    return {
        "host": "{bootstrap}",
        "protocol": "kafka",
        "description": "TLS, SASL or both are optional.",
        "variables": {"bootstrap": {"default": "127.0.0.1:9092", "description": "Kafka's bootstrap servers."}},
        "security": [{"$ref": f"#/components/securitySchemes/{name}"} for name in _security()],
    }


def _security() -> dict[str, Any]:
    return {
        "plain": {"type": "plain", "description": "SASL PLAIN, over TLS."},
        "scramSha256": {"type": "scramSha256"},
        "scramSha512": {"type": "scramSha512"},
        "certificate": {"type": "X509", "description": "TLS with a certificate of the client's."},
    }


def _title(name: str) -> str:
    return _TITLES.get(name) or f"Signals of the kind {name}."


def _messages_of(name: str) -> tuple[str, ...]:
    if name in ("articles", "replay"):
        return ("article", "articleEvent")
    return ("deadLetter",) if name == "dlq" else (f"{name}_signal",)


def _channel(name: str, plan: TopicPlan) -> dict[str, Any]:
    configuration = {
        "cleanup.policy": plan.config["cleanup.policy"].split(","),
        **{key: int(plan.config[key]) for key in ("retention.ms", "max.message.bytes")},
    }
    kafka = {
        "topic": plan.name,
        "partitions": plan.partitions,
        "topicConfiguration": configuration,
        "bindingVersion": _BINDING,
    }
    return {
        "address": plan.name,
        "description": _title(name),
        "servers": [{"$ref": "#/servers/kafka"}],
        "messages": {message: {"$ref": f"#/components/messages/{message}"} for message in _messages_of(name)},
        "bindings": {"kafka": kafka},
    }


def _operation(name: str) -> str:
    return f"read_{name}" if name in ("articles", "replay") else f"write_{name}"


def _does(name: str) -> dict[str, Any]:
    """From our side, as AsyncAPI 3 has it: articles are received, signals and dead letters are sent."""
    does: dict[str, Any] = {
        "action": "receive" if name in ("articles", "replay") else "send",
        "channel": {"$ref": f"#/channels/{name}"},
        "summary": _title(name),
        "messages": [{"$ref": f"#/channels/{name}/messages/{message}"} for message in _messages_of(name)],
    }
    if does["action"] == "receive":
        group = KafkaSettings().group + ("" if name == "articles" else f"-{Lane.REPLAY}")
        does["bindings"] = {"kafka": {"groupId": {"type": "string", "enum": [group]}, "bindingVersion": _BINDING}}
    return does


def _messages() -> dict[str, Any]:
    messages = {
        "article": {
            "title": "Article as plain JSON, or as CloudEvents in binary mode",
            "headers": article_headers(),
            "payload": {"$ref": "#/components/schemas/Article"},
        },
        "articleEvent": {
            "title": "Article as CloudEvents in structured mode",
            "contentType": "application/cloudevents+json",
            "headers": article_headers(),
            "payload": _structured(),
        },
    }
    for kind in PAYLOADS:
        messages[f"{kind}_signal"] = {
            "title": f"Signal of the kind {kind}",
            "headers": signal_headers(kind),
            "payload": {"$ref": f"#/components/schemas/{signal_model(kind).__name__}"},
        }
    messages["deadLetter"] = {
        "title": "Dead letter: key, value, timestamp and headers of the record as it came, and why",
        "contentType": "application/octet-stream",
        "headers": dead_letter_headers(),
        "payload": {"description": "The original bytes, untouched."},
    }
    return {
        name: {"name": name, **message, "bindings": {"kafka": {"key": _KEY, "bindingVersion": _BINDING}}}
        for name, message in messages.items()
    }


def _structured() -> dict[str, Any]:
    text = {"type": "string", "minLength": 1}
    return {
        "type": "object",
        "required": ["specversion", "id", "source", "type", "data"],
        "properties": {
            "specversion": {"type": "string", "pattern": r"^1\."},
            "id": text,
            "source": text,
            "type": text,
            "time": {"type": "string", "format": "date-time"},
            "data": {"$ref": "#/components/schemas/Article"},
        },
    }
