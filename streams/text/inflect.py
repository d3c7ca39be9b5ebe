"""Regular English inflection, so that a lexicon lists a verb or noun once. Irregular forms are listed as cues."""

_VOWELS = "aeiou"


def _head(phrase: str) -> tuple[str, str]:
    first, space, rest = phrase.partition(" ")
    return first, space + rest


def verb_forms(phrase: str) -> tuple[str, ...]:
    """Base, third person, past and participle of a verb; of a phrase its first word is inflected.

    A final consonant is doubled where the lexicon marks it with "+": "stop+".

    >>> verb_forms("accuse")
    ('accuse', 'accuses', 'accused', 'accusing')
    >>> verb_forms("carry on"), verb_forms("ban+")
    (('carry on', 'carries on', 'carried on', 'carrying on'), ('ban', 'bans', 'banned', 'banning'))
    """
    verb, rest = _head(phrase)
    stem = verb.rstrip("+")
    if verb.endswith("+"):
        forms = (stem, f"{stem}s", f"{stem}{stem[-1]}ed", f"{stem}{stem[-1]}ing")
    elif stem.endswith("e"):
        forms = (stem, f"{stem}s", f"{stem}d", f"{stem[:-1]}ing")
    elif stem.endswith("y") and stem[-2] not in _VOWELS:
        forms = (stem, f"{stem[:-1]}ies", f"{stem[:-1]}ied", f"{stem}ing")
    elif stem.endswith(("s", "x", "z", "ch", "sh")):
        forms = (stem, f"{stem}es", f"{stem}ed", f"{stem}ing")
    else:
        forms = (stem, f"{stem}s", f"{stem}ed", f"{stem}ing")
    return tuple(form + rest for form in forms)


def noun_forms(phrase: str) -> tuple[str, ...]:
    """Singular and plural; of a phrase its last word is inflected.

    >>> noun_forms("export ban"), noun_forms("ministry")
    (('export ban', 'export bans'), ('ministry', 'ministries'))
    """
    if phrase.endswith("y") and phrase[-2] not in _VOWELS:
        return phrase, f"{phrase[:-1]}ies"
    if phrase.endswith(("s", "x", "z", "ch", "sh")):
        return phrase, f"{phrase}es"
    return phrase, f"{phrase}s"
