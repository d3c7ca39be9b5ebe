"""What each format's documents, written to its published standard, are read as."""

import gzip
import io
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from streams.formats import Skipped
from tests.formats.conftest import articles, read, rejected, utc


def test_ninjs_1_is_read_with_version_source_and_subjects(data: Path) -> None:
    first, teaser = articles(data / "ninjs-1.json")
    assert (first.id, first.version, first.language) == ("urn:example:ninjs:1", 3, "en-GB")
    assert first.title == "Two ministries open talks on air defence"
    assert first.body == "The two ministries opened talks in Oslo on Thursday."
    assert (first.source, first.authors, first.tags) == (
        "Example Wire",
        ("By a Staff Writer",),
        ("diplomacy", "defence"),
    )
    assert first.published_at == utc(2024, 5, 2, 8, 15)
    assert not first.truncated
    assert (teaser.body, teaser.truncated) == ("What it will be about.", True)


def test_ninjs_canceled_is_a_tombstone_withheld_a_failure_and_pictures_are_passed_over(data: Path) -> None:
    tombstone, picture = (record for record in read(data / "ninjs-1.json") if isinstance(record, Skipped))
    assert (tombstone.reason, tombstone.id) == ("tombstone", "urn:example:ninjs:2")
    assert picture.reason == "not_text"
    assert rejected(data / "ninjs-1.json") == [("ninjs-1.json#3", "withheld")]


def test_ninjs_2_takes_the_main_headline_and_the_text_of_its_html(data: Path) -> None:
    (article,) = articles(data / "ninjs-2.json")
    assert (article.title, article.body) == ("The main headline", "First & second.\nThird.")
    assert (article.url, article.source, article.authors) == (article.id, "Example Agency", ("Ada Example",))


def test_ninjs_3_is_read_with_its_camel_case_and_plain_text_before_markup(data: Path) -> None:
    (article,) = articles(data / "ninjs-3.json")
    assert (article.title, article.body, article.tags) == ("Envoys meet again", "The envoys met again.", ("diplomacy",))
    assert article.published_at == utc(2023, 7, 9, 10, 37)


def test_newsml_g2_is_read_with_xhtml_nitf_and_plain_text_inside(data: Path) -> None:
    xhtml, nitf, plain = articles(data / "newsml.xml")
    assert (xhtml.id, xhtml.version, xhtml.language) == ("urn:newsml:example.com:20240301:1", 4, "en-US")
    assert (xhtml.title, xhtml.body) == (
        "Council extends the embargo",
        "The council extended the embargo on Friday.\nIt ends in May.",
    )
    assert (xhtml.source, xhtml.authors, xhtml.tags) == ("Example Agency", ("Ada Example",), ("embargo",))
    assert xhtml.published_at == utc(2024, 3, 1, 10, 58)
    assert (nitf.title, nitf.body) == ("Minister in Cairo", "The minister came to Cairo.\nShe left at noon.")
    assert (plain.title, plain.body) == ("In plain text", "Plain text, 5 < 6.")


def test_newsml_g2_canceled_is_a_tombstone_and_pictures_are_passed_over(data: Path) -> None:
    skipped = [record for record in read(data / "newsml.xml") if isinstance(record, Skipped)]
    assert [(record.reason, record.id) for record in skipped] == [
        ("not_text", None),
        ("tombstone", "urn:newsml:example.com:20240301:4"),
    ]


def test_rss_items_are_read_and_teasers_flagged(data: Path) -> None:
    full, teaser = articles(data / "feed.rss")
    assert (full.id, full.title, full.url) == ("times-1", "Talks & tea", "https://times.example.com/1")
    assert (full.body, full.truncated) == ("The whole article.\nWith two paragraphs.", False)
    assert (full.source, full.language) == ("Example Times", "en-us")
    assert (full.authors, full.tags) == (("Ada Example",), ("World", "Defence"))
    assert full.published_at == utc(2025, 9, 3, 1, 27)
    assert (teaser.id, teaser.body, teaser.truncated) == ("https://times.example.com/2", "What it is about.", True)
    assert teaser.published_at == utc(2025, 9, 3, 6, 57)


def test_atom_entries_are_read_and_summaries_flagged(data: Path) -> None:
    full, summary = articles(data / "feed.atom")
    assert (full.id, full.title, full.url) == (
        "tag:example.com,2024:1",
        "Ships & sanctions",
        "https://review.example.com/1",
    )
    assert (full.body, full.truncated, full.language) == ("Ships were held.\nOne got away.", False, "en-GB")
    assert (full.authors, full.tags, full.source) == (("Ada Example", "Bo Sample"), ("Sanctions",), "Example Review")
    assert full.published_at == utc(2024, 1, 1, 13)
    assert (summary.body, summary.truncated, summary.published_at) == ("In short.", True, utc(2024, 1, 3))


def test_a_page_says_who_and_when_in_its_data_and_what_in_its_layout(data: Path) -> None:
    (article,) = articles(data / "page.html")
    assert (article.title, article.url) == ("Frigates for the navy", "https://post.example.com/frigates")
    assert (article.source, article.authors) == ("The Example Post", ("Ada Example", "Bo Sample"))
    assert (article.published_at, article.tags) == (utc(2024, 6, 1, 7), ("navy", "frigates"))
    assert "laid down next year" in article.body
    assert "newsletter" not in article.body
    assert not article.truncated


def test_json_ld_alone_is_read_with_single_values_and_lists(data: Path) -> None:
    (article,) = articles(data / "linked.json")
    assert (article.title, article.body) == ("Linked data says it all", "The whole text stands in the data.")
    assert (article.authors, article.tags, article.truncated) == (("Ada Example",), ("data", "news"), False)


@pytest.mark.parametrize(
    ("stated", "language"),
    [
        ('"en-GB"', "en-GB"),
        ('"English"', None),
        ('{"@type": "Language", "name": "German", "alternateName": "de"}', "de"),
        ('["fr", "en"]', "fr"),
        ("null", None),
    ],
)
def test_a_language_by_name_is_left_to_the_words(tmp_path: Path, stated: str, language: str | None) -> None:
    (tmp_path / "a.json").write_text(f'{{"@type": "NewsArticle", "headline": "T", "inLanguage": {stated}}}')
    assert [article.language for article in articles(tmp_path / "a.json")] == [language]


@pytest.mark.parametrize("roles", [("hld:sub", "hld:main"), ("hld:main", "hld:sub"), ("hld:short", None)])
def test_of_several_newsml_headlines_the_main_one_counts(
    tmp_path: Path, data: Path, roles: tuple[str | None, ...]
) -> None:
    text = (data / "newsml.xml").read_text(encoding="utf-8")
    headlines = "".join(
        f"<headline{f' role={chr(34)}{role}{chr(34)}' if role else ''}>{role or 'hld:main'}</headline>"
        for role in roles
    )
    (tmp_path / "a.xml").write_text(text.replace("<headline>Council extends the embargo</headline>", headlines))
    assert articles(tmp_path / "a.xml")[0].title == "hld:main"


def test_a_page_in_pieces_and_compressed_is_read_out_of_a_warc(tmp_path: Path, data: Path) -> None:
    packed = gzip.compress((data / "page.html").read_text(encoding="utf-8").encode("utf-16"))
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; Charset=UTF-16\r\nContent-Encoding: gzip\r\n"
    block = head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks
    record = (
        b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: https://example.com/\r\n"
    )
    more = b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n" % len(block)
    (tmp_path / "a.warc").write_bytes(record + more + block + b"\r\n\r\n")
    (article,) = articles(tmp_path / "a.warc")
    assert (article.id, article.title) == ("urn:uuid:1", "Frigates for the navy")


def test_gdelt_records_are_titles_flagged_as_such(data: Path) -> None:
    path = data / "20240601090000.gkg.csv"
    english, french = articles(path)
    assert (english.id, english.title) == ("20240601090000-7", "Treaty & trade: the ministers’ plan")
    assert (english.body, english.truncated, english.language) == ("", True, "en")
    assert (english.url, english.source) == ("https://example.com/treaty", "example.com")
    assert (english.published_at, english.authors) == (utc(2024, 6, 1, 8, 30), ("Ada Example", "Bo Sample"))
    assert (french.language, french.published_at) == ("fra", utc(2024, 6, 1, 9))
    assert rejected(path) == [(f"{path.name}:3", "no_text"), (f"{path.name}:4", "bad_record")]


def test_gdelts_article_list_is_read_by_url(data: Path) -> None:
    (article,) = articles(data / "gal.json")
    assert (article.title, article.body, article.truncated) == ("Envoy returns", "The envoy is back.", True)
    assert (article.url, article.source, article.language) == ("https://example.com/envoy", "Example Daily", "en")
    assert rejected(data / "gal.json") == [("gal.json:2", "no_text")]


def test_rss_1_is_read_with_its_channel_beside_its_items(tmp_path: Path) -> None:
    (tmp_path / "a.rdf").write_text(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Example News</title></channel>'
        "<item><title>Talks</title><link>https://example.com/1</link><dc:date>2024-05-01T10:00:00Z</dc:date></item></rdf:RDF>"
    )
    (article,) = articles(tmp_path / "a.rdf")
    assert (article.title, article.source, article.published_at) == ("Talks", "Example News", utc(2024, 5, 1, 10))


def test_a_scraped_page_loses_its_furniture_and_keeps_its_sentences(data: Path) -> None:
    (article,) = articles(data / "scraped.txt")
    assert article.title == "Navy to buy four patrol boats from yard abroad"
    assert article.body.split("\n\n") == [
        "The navy will buy four patrol boats from a yard abroad, the minister of defence said on Monday.",
        "The boats, ordered for 300 million euros, will replace ships from the nineteen-eighties.",
        '"We need them soon," the minister said. The report published on 3 May 2019 had asked for six.',
    ]
    assert article.published_at == utc(2024, 5, 6, 10, 45)
    assert (article.source, article.authors) == ("AFP", ("Ada Example",))


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("A headline\n\nA sentence that is long enough to be a paragraph of it.", "A headline", "A sentence that is long enough to be a paragraph of it."),
        ("One sentence only.", "", "One sentence only."),
        ("Related talks went on in Oslo on Monday between two of the ministers.", "", "Related talks went on in Oslo on Monday between two of the ministers."),
        ("Watch the border, he said.", "", "Watch the border, he said."),
    ],
)  # fmt: skip
def test_plain_text_without_furniture_stays_whole(tmp_path: Path, text: str, title: str, body: str) -> None:
    path = tmp_path / "plain.txt"
    path.write_text(text)
    (article,) = articles(path)
    assert (article.title, article.body) == (title, body)


def test_the_pages_of_a_warc_are_read_and_the_rest_passed_over(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "news.warc.gz"
    path.write_bytes(warc((data / "page.html").read_bytes()))
    (article,) = articles(path)
    assert article.id.startswith("urn:uuid:")
    assert article.title == "Frigates for the navy"
    assert sum(isinstance(record, Skipped) for record in read(path)) == 2


def warc(page: bytes, gzip: bool = True) -> bytes:
    """A WARC with a warcinfo, one page and one picture."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gzip)
    writer.write_record(writer.create_warcinfo_record("news.warc.gz", {"software": "test"}))
    for url, kind, payload in (
        ("https://post.example.com/f", "text/html; charset=utf-8", page),
        ("https://post.example.com/p", "image/png", b"\x89PNG"),
    ):
        headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(url, "response", payload=io.BytesIO(payload), http_headers=headers)
        )
    return out.getvalue()
