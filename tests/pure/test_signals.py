"""`signals`: total, deterministic, and every quote is the slice that it claims to be."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import Article
from schemas.signal import PAYLOADS, decode_signal, encode_signal, signal_id
from streams.pipeline import explained, rules_version, signals
from streams.text.annotate import annotate
from tests.conftest import built

_WORDS = (
    "Russia", "India's", "the United States", "Moscow", "Kyiv", "Chinese", "President Putin", "Foreign Minister Sergei Lavrov",
    "the Kremlin", "NATO", "Hamas", "S-400", "F-16 fighter jets", "tanks", "missiles", "arms", "$5.5 billion", "five", "in 2018",
    "signed a contract", "sold", "bought", "delivered", "will supply", "denied", "sanctions", "imposed", "lifted", "embargo on",
    "asset freeze", "opposed", "said", "told", "warned", "accused", "condemned", "urged", "he added", "“", "”", '"', "(", ")",
    ",", ".", "\n", "\n\n", ":", "—", "on Friday", "with", "to", "from", "by", "not", "if", "İ", "ß", "\u200b", "🚀",
)  # fmt: skip
_texts = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=60).map(" ".join)
_articles = st.builds(
    lambda title, body: built(body, title=title),
    st.lists(st.sampled_from(_WORDS), max_size=8).map(" ".join),
    _texts.filter(str.strip),
)


@settings(max_examples=200)
@given(_articles)
def test_every_quote_is_its_slice_and_every_signal_survives_the_wire(article: Article) -> None:
    for signal in signals(article):
        for evidence in signal.evidence:
            assert evidence.quote == article.text[evidence.start : evidence.end] != ""
            assert evidence.field in PAYLOADS[signal.kind].model_fields
        assert decode_signal(encode_signal(signal)) == signal
        assert signal.id == signal_id(article.id, signal.payload)


@settings(max_examples=100)
@given(st.text(max_size=300).filter(lambda text: bool(text.strip())))
def test_any_text_gives_signals_or_none(text: str) -> None:
    article = built(text)
    assert signals(article) == signals(article)


@settings(max_examples=50)
@given(_articles)
def test_a_higher_bar_only_leaves_out(article: Article) -> None:
    everything = signals(article)
    assert signals(article, min_confidence=0.5) == tuple(s for s in everything if s.confidence >= 0.5)


def test_each_kind_has_one_main_signal_and_none_comes_twice(seed_articles: tuple[Article, ...]) -> None:
    for article in seed_articles:
        found = signals(article)
        mains = Counter(signal.kind for signal in found if signal.main)
        assert mains == Counter({signal.kind for signal in found}), article.id
        assert len({signal.id for signal in found}) == len(found), article.id


def test_kinds_asked_for_apart_are_the_kinds_of_all_together(seed_articles: tuple[Article, ...]) -> None:
    for article in seed_articles[::10]:
        apart = [s for kind in PAYLOADS for s in signals(article, frozenset((kind,)))]
        assert sorted(map(encode_signal, apart)) == sorted(map(encode_signal, signals(article)))


_ACTORS = {"supplier", "recipient", "actor", "sender", "target", "targets", "speaker_actor"}
_FOLLOWS = {"quoted", "category"}
"""What follows from other fields' words: marks around the quote, the designation's category."""


def test_every_field_that_the_text_states_is_shown(seed_articles: tuple[Article, ...]) -> None:
    for article in seed_articles:
        named = {mention.code for mention in annotate(article).mentions}
        for signal in signals(article):
            shown = {evidence.field for evidence in signal.evidence}
            for name, value in signal.payload:
                if value in (None, (), False) or name in _FOLLOWS or name in shown:
                    continue
                values = value if isinstance(value, tuple) else (value,)
                # an actor that no word names is the article's own state: there is nothing to show
                assert name in _ACTORS and not named & set(values), (article.id, name, signal.payload)


def test_a_signal_says_which_features_decided(seed_articles: tuple[Article, ...]) -> None:
    found = [pair for article in seed_articles[:20] for pair in explained(article)]
    assert found
    assert tuple(signal for signal, _ in explained(seed_articles[0])) == signals(seed_articles[0])
    for _, why in found:
        assert why and all(weight > 0 for _, weight in why)


def test_a_signal_names_the_article_and_the_rules(seed_articles: tuple[Article, ...]) -> None:
    article = seed_articles[0]
    for signal in signals(article):
        assert (signal.article.id, signal.article.title, signal.article.source) == (
            article.id,
            article.title,
            article.source,
        )
        assert signal.rules == rules_version()
        assert "processed" not in encode_signal(signal).decode()


def test_furniture_of_a_page_is_never_evidence() -> None:
    body = "Poland signed a contract with South Korea for 180 K2 tanks.\nALSO READ: Turkey sells drones to Ukraine\n"
    article = built(body, title="Poland orders Korean tanks")
    start, end = article.text.index("ALSO READ"), len(article.text)
    for signal in signals(article):
        assert not any(start <= evidence.start < end for evidence in signal.evidence)
