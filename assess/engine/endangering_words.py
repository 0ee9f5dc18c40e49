"""Finds words that may put a worker in danger if an employer acts on them (questioning, searching, dismissing, warning). It rather reports a harmless text than misses one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise

from assess.engine.text_normalise import fold_lookalikes, mixed_alphabet_words

_CONTROLLERS = (
    r"(?:sub-?)?agen(?:t|ts|cy|cies)|(?:line )?managers?|supervisors?|gang ?-?masters?|boss(?:es)?|fore(?:man|men|woman|women)|(?:team |crew |gang )?leaders?|heads?|"
    r"(?:land)(?:lord|lords|lady|ladies|owner|owners)|recruiters?|(?:labour |labor )?(?:providers?|suppliers?|users?)|(?:sub-?)?contractors?|drivers?|owners?|"
    r"employers?|sponsors?|operators?|traffickers?|exploiters?|controllers?|charge ?-?hands?|intermediar(?:y|ies)|middle ?-?m[ae]n|brokers?|directors?|"
    r"whoever|(?:the )?(?:person|persons|people|one|ones|man|men|woman|women|individuals?|famil(?:y|ies)|relatives?|partners?|somebody|someone|anybody|anyone|those) "
    r"(?:who|whom|that|which|behind|in charge|with|responsible|running|holding|taking)|uncles?|cousins?|boyfriends?|husbands?"
)
_PEOPLE = (
    rf"(?:(?:the|your|their|his|her|its|each|every|all|any|some|these|those|that|this|a|an|other|new|of|one|both) )*(?:[a-z'-]+ )?(?:workers?|them|him|her|people|"
    rf"persons?|anyone|anybody|everyone|everybody|someone|somebody|staff|crews?|gangs?|teams?|employees?|men|women|man|woman|children|child|famil(?:y|ies)|"
    rf"tenants?|residents?|occupants?|lodgers?|victims?|drivers?|pickers?|cleaners?|washers?|recruits?|{_CONTROLLERS})"
)
_HOMES = (
    r"(?:caravans?|rooms?|bed(?:s|rooms?)?|bags?|lockers?|homes?|hous(?:e|es|ing)|accommodation|lodgings?|quarters|flats?|belongings|possessions|(?:personal )?things|"
    r"luggage|suitcases?|mattress(?:es)?|dormitor(?:y|ies)|hostels?|tents?|vans?|cars?|(?:mobile |cell)?phones?|handsets?|pockets|wallets?|purses?|cupboards?|drawers)"
)
_WORK = r"(?:contracts?|agreements?|jobs?|employment|work|tenanc(?:y|ies)|leases?|stays?|placements?|shifts?|deals?|business|accounts?|ties|orders?|sponsorships?|visas?|engagements?)"
_FEW = r"(?:[a-z'{}_-]+,? ){0,5}?"
_MORE = r"(?:[a-z'{}_-]+,? ){0,8}?"
_TELLING = (
    r"(?:re-?)?(?:tell(?:s|ing)?|told|report(?:s|ed|ing)?|inform(?:s|ed|ing)?|notif(?:y|ies|ied|ying)|call(?:s|ed|ing)?|phon(?:e|es|ed|ing)|ring(?:s|ing)?|rang|"
    r"e-?mail(?:s|ed|ing)?|text(?:s|ed|ing)?|messag(?:e|es|ed|ing)|contact(?:s|ed|ing)?|writ(?:e|es|ing)|wrote|speak(?:s|ing)?|spoke|talk(?:s|ed|ing)?|"
    r"discuss(?:es|ed|ing)?|rais(?:e|es|ed|ing)|mention(?:s|ed|ing)?|complain(?:s|ed|ing)?|approach(?:es|ed|ing)?|consult(?:s|ed|ing)?|"
    r"brief(?:s|ed|ing)?|meet(?:s|ing)?|met|let(?:s|ting)?|word with|take(?:s)? it up|taking it up|took it up|show(?:s|ed|ing)?|give(?:s)?|gave|giving|hand(?:s|ed|ing)?|shar(?:e|es|ed|ing)|"
    r"send(?:s|ing)?|sent|forward(?:s|ed|ing)?|pass(?:es|ed|ing)?|refer(?:s|red|ring)?|escalat(?:e|es|ed|ing)|explain(?:s|ed|ing)?|name(?:s|d)?|clear(?:s|ed|ing)? (?:it|this) with|"
    r"check(?:s|ed|ing)? (?:it |this |that )?with|go(?:es|ing)? to|went to|turn(?:s|ed|ing)? to|hear(?:s|ing)? from|find(?:s|ing)? out from|sort(?:s|ed|ing)? it out with|"
    r"confid(?:e|es|ed|ing) in|(?:bring(?:s|ing)?|brought) (?:it|this|that) up with|flag(?:s|ged|ging)?|(?:feed(?:s|ing)?|fed) (?:it |this |that )?back|"
    r"cop(?:y|ies|ied|ying)|mak(?:e|es|ing) (?:it|this|that) (?:clear|plain|known) to|(?:in )?(?:touch|contact) with|reach(?:es|ed|ing)? out|let(?:s|ting)? on to|"
    r"settl(?:e|es|ed|ing) it with|agre(?:e|es|ed|eing) (?:it |this )?with|involv(?:e|es|ed|ing)|invit(?:e|es|ed|ing)|visit(?:s|ed|ing)?)"
)
_SEARCHING = (
    r"(?:check\w*|look(?:s|ed|ing)?|enter\w*|open(?:s|ed|ing)?|visit\w*|unlock\w*|examin\w*|empt(?:y|ies|ied|ying)|turn(?:s|ed|ing)? out|"
    r"walk(?:s|ed|ing)? (?:through|round|into)|tak(?:e|es|ing)|took|seiz\w*|confiscat\w*|collect\w*)"
)
_HOUSING = r"(?:find(?:s|ing)?|giv(?:e|es|ing)|offer\w*|get(?:s|ting)?|put(?:s|ting)?|plac(?:e|es|ed|ing)|hous(?:e|es|ed|ing)|lodg(?:e|es|ed|ing))"
_ANOTHER = r"(?:other|another|new|different|safer|better|safe|elsewhere|somewhere)\b ?(?:homes?|hous(?:e|es|ing)|rooms?|places?|beds?|sites?|accommodation|caravans?|lodgings?|else)?"
_ENDING = (
    r"(?:end(?:s|ed|ing)?|stop(?:s|ped|ping)?|cancel\w*|cut(?:s|ting)?|break(?:s|ing)?|broke|drop(?:s|ped|ping)?|quit|finish\w*|tear(?:s|ing)?|withdraw\w*|"
    r"clos(?:e|es|ed|ing)|refus(?:e|es|ed|ing)|part(?:s|ed|ing)?|sever\w*)"
)
_PAPERS = (
    r"(?:passports?|(?:identity |identification |id |travel |immigration |residence |original )(?:papers?|documents?|cards?|permits?)|"
    r"(?:their|the|worker'?s'?|people's|everybody's|everyone's|his|her) (?:own )?(?:papers|documents|permits?|visas?|cards))"
)
_HOLDING = (
    r"(?:tak(?:e|es|ing)|took|keep(?:s|ing)?|kept|hold(?:s|ing)?|held|retain(?:s|ed|ing)?|withhold(?:s|ing)?|withheld|collect(?:s|ed|ing)?|gather(?:s|ed|ing)?|"
    r"stor(?:e|es|ed|ing)|lock(?:s|ed|ing)?|guard(?:s|ed|ing)?|seiz(?:e|es|ed|ing)|confiscat\w*|hand(?:s|ed|ing)? over|hang(?:s|ing)? on to|look(?:s|ed|ing)? after)"
)
_STATE = r"(?:immigration|home office|border (?:force|agency|police)|uk ?vi|uk visas)"
_HELP = (
    r"(?:helplines?|hotlines?|police|999|112|101|unseen|salvation army|acas|crimestoppers|fair work agency|authorit(?:y|ies)|council|children's team|ambulance|"
    r"emergency services|social services|\{helpline\}|\{emergency\})"
)
_REACHING = r"(?:call|ring|phone|contact|dial|text|involve|bother|tell|report(?: (?:it|this|that|them))? to|go to|speak to|talk to|wait for)"
_NEEDLESS = (
    r"(?:(?:do|does|did|should|must|need|may|can|could|would) not|(?:do|does|did|should|must|need|could|would)n't|never|no (?:need|reason|point|use|call)|"
    r"not (?:necessary|needed|worth|required|helpful)|(?:not|n't) (?:need|have|want))"
)
_AS_INTERPRETER = r"(?:as|to|for) (?:be )?(?:an? |the |your |their )?(?:interpret|translat)\w*"
_SETTLING = r"(?:deal(?:s|ing)?|sort(?:s|ing)?|handl(?:e|es|ing)|solv(?:e|es|ing)|settl(?:e|es|ing)|fix(?:es|ing)?)"
_NOUN = r"(?<!\ba )(?<!\bthe )(?<!\bthis )(?<!\bthat )(?<!\bno )(?<!\beach )(?<!\bevery )(?<!\bnext )(?<!\bthese )(?<!\bour )(?<!\bany )(?<!\bone )(?<!\bsame )"

_PARTS = (
    # asking
    r"ask(?:s|ed|ing)?",
    r"interview\w*",
    r"interrogat\w*",
    r"quizz?(?:es|ed|ing)?",
    r"(?:e|i)nquir(?:e|es|ed|ing|y|ies)",
    r"quer(?:y|ies|ied|ying)",
    r"questioned|questioning",
    rf"{_NOUN}questions?(?= (?:{_PEOPLE})\b)",
    rf"(?:put|puts|putting|pose|posing)\b {_FEW}questions?",
    rf"questions? (?:to|for) (?:{_PEOPLE})",
    rf"grill(?:s|ed|ing)? (?:{_PEOPLE})",
    r"sound(?:s|ed|ing)? out",
    rf"(?:survey|poll|debrief)(?:s|ed|ing)? (?:{_PEOPLE})",
    rf"(?:talk|talks|talked|talking|speak|speaks|spoke|speaking|chat|chats|chatted|chatting)\b {_FEW}(?:to|with) (?:{_PEOPLE})",
    rf"(?:hear|hearing|find out|finding out|learn|learning|get statements?|take statements?|statements?) from (?:{_PEOPLE})",
    # searching and watching
    r"(?:strip-?)?search(?:es|ed|ing)?",
    r"rummag\w*",
    r"raid(?:s|ed|ing)?",
    r"frisk(?:s|ed|ing)?",
    r"ransack\w*",
    r"(?:go|goes|going|went|look|looks|looked|looking) through",
    r"inspect(?:s|ed|ing|ions?)?",
    rf"{_SEARCHING}\b {_FEW}{_HOMES}",
    rf"(?:spy|spies|spying|spied|follow(?:s|ed|ing)?|track(?:s|ed|ing)?|film(?:s|ed|ing)?|photograph(?:s|ed|ing)?|watch(?:es|ed|ing)?)\b (?:on |up )?(?:{_PEOPLE})",
    # moving
    r"re-?hous\w*",
    r"re-?hom(?:e|es|ed|ing)",
    r"relocat\w*",
    r"evict\w*",
    r"expel\w*|expuls\w*",
    r"deport\w*",
    r"mov(?:e|es|ed|ing)",
    rf"(?:transfer|transfers|transferred|transferring|remov(?:e|es|ed|ing)|separat(?:e|es|ed|ing)|shift(?:s|ed|ing)?)\b (?:{_PEOPLE})",
    rf"(?:send|sends|sent|sending|tak(?:e|es|ing)|took|bring|brings|brought|bringing|driv(?:e|es|ing)|get|gets|getting)\b {_FEW}(?:home|away|back|off|elsewhere|packing|somewhere|out of)",
    rf"{_HOUSING}\b {_FEW}{_ANOTHER}",
    rf"(?:throw|throws|threw|throwing|chuck(?:s|ed|ing)?|kick|kicks|kicked|kicking|turn|turns|turned|turning|put|puts|putting|boot|booted|booting)\b {_FEW}out",
    # dismissing
    r"dismiss\w*",
    r"sack(?:s|ed|ing)?",
    r"fired|firing",
    rf"fires? (?:{_PEOPLE})",
    r"terminat\w*",
    r"suspend\w*|suspension\w*",
    rf"la(?:y|ys|id|ying) (?:{_FEW})off",
    r"redundan\w*",
    rf"let(?:s|ting)? {_FEW}go",
    r"(?:get|gets|got|getting) rid of",
    r"disciplin\w*",
    r"discharg\w*",
    r"rescind\w*",
    r"(?:giv(?:e|es|ing)|gave|serv(?:e|es|ed|ing)) (?:them |him |her |[a-z]+ ){0,3}notice",
    rf"{_ENDING}\b {_FEW}{_WORK}",
    r"(?:end|stop|cancel|cut|break|drop|withdraw)(?:s|ped|ping|ling|ed|ing)? (?:using|paying|working|dealing|buying|supply|pay|wages)",
    rf"(?:drop(?:s|ped|ping)?|switch(?:es|ed|ing)?(?: to)?|replac(?:e|es|ed|ing)|swap(?:s|ped|ping)?|chang(?:e|es|ed|ing)|leav(?:e|es|ing)|ban(?:s|ned|ning)?|block(?:s|ed|ing)?)\b {_FEW}(?:{_CONTROLLERS})",
    r"(?:walk(?:s|ed|ing)? away|part(?:s|ed|ing)? (?:ways|company))",
    # telling whoever may control
    rf"{_TELLING}\b {_FEW}(?:{_CONTROLLERS})",
    rf"(?:{_CONTROLLERS}) {_FEW}(?:is|are|be|been|being|was|were|gets?|should|must|can|needs? to) {_FEW}(?:told|informed|notified|contacted|called|alerted|know|hear|learn|explain|involved|invited)",
    rf"{_TELLING}\b {_FEW}{_STATE}",
    rf"(?:get|gets|got|getting|mak(?:e|es|ing)) (?:[a-z'-]+ ){{0,3}}?(?:{_PEOPLE}) to (?:say|explain|tell|write|sign|show|admit|speak|talk|answer)",
    r"(?:call|ring|phon|contact|text|visit|writ)(?:s|e|es|ed|ing)? (?:to )?(?:their|his|her) (?:famil(?:y|ies)|parents?|relatives?|wife|wives|husbands?|mothers?|fathers?|homes?)",
    r"(?:call|ring|phon|dial)(?:s|e|es|ed|ing)? (?:the |a |any )?numbers? (?:on|in)",
    # talking round: whoever hears it may be heard
    r"(?:sit|sits|sat|sitting) down with",
    rf"(?:meetings?|sessions?|interviews?) (?:with|for|of) (?:{_PEOPLE})",
    rf"(?:pull|take|draw|call)(?:s|n|ed|ing)? (?:{_PEOPLE}) (?:aside|to one side|in|apart)",
    rf"(?:write|writes|writing|wrote|note|notes|noting|take|takes|taking) down what {_FEW}(?:says?|said|tells?|told)",
    r"record(?:s|ed|ing)? (?:the |their |a |an |any |each |every |your )*(?:conversations?|talks?|calls?|interviews?|voices?)",
    rf"(?:us(?:e|es|ed|ing)|let(?:s|ting)?|hav(?:e|ing)|get(?:s|ting)?|through) {_FEW}(?:{_CONTROLLERS}|workers?|colleagues?|child(?:ren)?) {_AS_INTERPRETER}",
    rf"(?:interpreted|translated|translation|interpretation) (?:by|through|from) {_FEW}(?:{_CONTROLLERS})",
    r"sign(?:s|ed|ing)? (?:a |an |the )?(?:papers?|statements?|declarations?|documents?|forms?) (?:that|saying|to say)",
    rf"(?:post|pin|publish|display|hang|share|spread|circulat)(?:s|e|es|ed|ing|ned|ning)? {_FEW}(?:names?|photos?|pictures?|plan|results?|findings|answers)",
    r"(?:pin|hang)(?:s|ned|ning|ing)? (?:it|this|that|them) (?:up|on)",
    # going there
    r"(?:go|goes|going|went|drive|drives) (?:and |over |round |there )*(?:to )?(?:see|look|visit|check|knock)",
    r"(?:drop|drops|dropped|dropping|call|calls|calling|pop|pops) (?:in|by|round) (?:at|on|to)",
    r"knock(?:s|ed|ing)?",
    # papers, locks and pay
    rf"{_HOLDING}\b {_FEW}{_PAPERS}",
    rf"{_NOUN}lock(?:s|ed|ing)? (?:{_PEOPLE}|{_FEW}(?:{_HOMES}|doors?|gates?))",
    rf"{_NOUN}lock(?:ing)? {_FEW}(?:in|up|out)",
    rf"(?:stop|prevent|keep|hold|bar|ban|block|forbid)(?:s|ped|ping|ed|ing|ned|ning|red|ring)? (?:{_PEOPLE}) (?:from |to )?(?:leav|go|walk|enter|com|see|call|us|tak|there|inside|indoors|on site|off site)\w*",
    rf"(?:keep|keeps|keeping|hold|holds|holding) (?:{_PEOPLE}) (?:in|at|on) (?:the |a |their |your )?(?:{_HOMES}|site|office|yard|shed|hall)",
    rf"(?:bar|ban)(?:s|red|ring|ned|ning)? (?:{_PEOPLE})",
    rf"(?:have|has|having|make|makes|making|keep|keeps|keeping) (?:{_PEOPLE}) (?:wait|stay|remain)\w*",
    rf"(?:withhold|hold back|keep back|dock|freez|deduct|cut|reduc|lower)(?:s|e|es|ed|ing|ting)?\b {_FEW}(?:pay|wages?|earnings|tips|money)",
    rf"show(?:s|ed|ing)? (?:{_PEOPLE}) the door",
    r"marching orders",
    rf"(?:pay|pays|paid|paying) (?:{_PEOPLE}) off",
    rf"(?:stand|stands|stood|standing|lay|lays) (?:{_PEOPLE}) (?:down|off)",
    rf"{_SETTLING} (?:with )?(?:it|this|that|them) (?:out )?(?:yourself|yourselves|on your own|alone|in-?house|internally|among|between|quietly)",
    # confronting
    r"confront\w*",
    r"accus\w*",
    r"challeng\w*",
    r"threat\w*",
    r"punish\w*",
    r"reprimand\w*",
    r"demand(?:s|ed|ing)?",
    rf"fac(?:e|es|ed|ing) (?:{_PEOPLE})",
    r"(?:put|puts|putting) (?:it|this|that) to",
    r"(?:have|had|having) it out",
    # warning
    r"(?:fore)?warn\w*",
    r"tip(?:s|ped|ping)?[ -]offs?|tip(?:s|ped|ping)? (?:them|him|her|[a-z]+ [a-z]+) off",
    rf"alert(?:s|ed|ing)? (?:{_PEOPLE})",
    r"announc\w*",
    rf"mak(?:e|es|ing) {_FEW}aware",
    rf"let(?:s|ting)? {_FEW}know",
)
_AGAINST_HELP = re.compile(
    r"\b(?:"
    rf"{_NEEDLESS} (?:to |ever |yet |even |first |be ){{0,3}}{_REACHING}(?:ing)? {_FEW}{_HELP}"
    rf"|{_NEEDLESS} (?:to |ever |yet |even |first ){{0,3}}(?:call|ring|phone|dial)(?:ing)? (?:for )?(?:anybody|anyone|any one|them|help|it)"
    rf"|(?:without|before|rather than|instead of) (?:calling|ringing|phoning|contacting|telling|involving) {_FEW}{_HELP}"
    rf"|(?:call|ring|phone|contact) (?:nobody|no one|no-one)"
    rf"|(?:there is|there's|there was|there are|is|are|in|of|see|poses?) (?:no|little|not (?:a|any|much)) (?:real |great |immediate )?(?:danger|risk to (?:them|workers|people|anybody|anyone))"
    r"|(?:nobody|no one|no-one|not) (?:is |are )?(?:in )?(?:any |real |immediate )?danger(?:ous)?"
    r"|nothing to (?:worry|fear)|no (?:cause for|reason to) (?:worry|concern|alarm)"
    rf"|{_NEEDLESS} pay\b {_FEW}(?:until|unless|before)"
    rf"|{_NEEDLESS} let (?:{_PEOPLE}) (?:back|in|on|leave|go|out|near|see|call|keep|have)"
    r")\b"
)
"""What speaks against help, or keeps people in. Here the “no” is the danger, so it excuses nothing."""
_WORDS = re.compile(r"\b(?:" + "|".join(f"(?:{part})" for part in _PARTS) + r")\b")
_SINGLE = re.compile(
    r"(?:search|dismiss|question|interview|confront|evict|accus|interrogat|inspect|relocat|rehous|terminat|warn|ask|sack)(?:s|es|e|ed|ing)?"
)
"""Words that count even when a blank stands in them."""

_CLAUSE = re.compile(
    r"(?<![.!?;:()])[.!?;:()]+\s|[;:()]|(?<![.!?])[.!?]+$|,\s+(?=(?:and|but|then|so|or else|instead)\b)|(?:,|\s(?:and|then))\s+(?=(?:do not|don't|never|nobody|no one|without)\b)|\s-+\s"
)
_NEGATION_WORDS = (
    r"(?:(?<!why )(?<!whether or )\b(?:not|never)|\bcannot|\b(?:do|does|did|must|should|need|may|could|would|is|are|was|were)n't|\bwithout|"
    r"\b(?:nobody|no one|no-one|no workers?|none of [a-z]+)|\bno)"
)
_LINK = (
    r"(?:\s(?:ever|yet|now|even|also|to|be|been|being|is|are|was|were|has|have|had|should|must|may|can|will|you|we|anybody|anyone|yourself|ourselves|directly|try|"
    r"need|needs|he|she|they|allowed))*"
)
_NEGATED_BEFORE = re.compile(_NEGATION_WORDS + _LINK + r"\s$")
_CHAIN = re.compile(_NEGATION_WORDS + _LINK + r"\s(?P<first>[a-z'-]+)(?P<between>[a-z' ]*?),?\s(?:or|nor)\s$")
_LIST = re.compile(_NEGATION_WORDS + _LINK + r"\s(?P<words>(?:[a-z'-]+, )*(?:[a-z'-]+(?: (?:or|nor) |, )))$")
_NOBODY_AFTER = re.compile(r"^\s(?:to |with |for )?(?:nobody|no one|no-one|no worker|no workers|none|nothing)\b")
_CONTAINS_NOBODY = re.compile(r"\b(?:nobody|no one|no-one|no workers?)\b")
_REVERSES_NEGATION = re.compile(
    r"\b(?:only|except|but|other than|apart from|besides|aside from|alone|enough|hesitat\w*|fail\w*|forget\w*|wait\w*|delay\w*|refus\w*|neglect\w*|omit\w*|"
    r"mind|merely|simply|just|instead|until|unless|before|till|too|afraid|hold back|put off|stop|avoid\w*|longer|later|once|after)\b"
)
_WAITING = re.compile(r"\b(?:until|before|unless)\b")
_ADVICE = re.compile(r"helpline|advice|advises?|police|authority|adviser")
_NEGATION = re.compile(r"\b(?:not|never|cannot|without|nobody|no one|no-one|none|no|nothing)\b|n't\b")

_NEGATION_REACH = 200
"""Characters behind a “no” within which it can forbid something. Further on it forbids nothing, so that a long text costs no more than its length."""


@lru_cache(maxsize=8192)
def find_endangering_words(text: str) -> tuple[str, ...]:
    """The words of a text that may put a worker in danger, as they read, and words that hide what they say."""
    seen = fold_lookalikes(text)
    seen = re.sub(r"-[ \t]*\n\s*", "", seen)
    seen = re.sub(r"\s+", " ", seen).strip()
    seen = re.sub(r"\b(?:[a-z][ .*_-]){2,}[a-z]\b", lambda spread: re.sub(r"[ .*_-]", "", spread[0]), seen)
    found: dict[str, None] = {}
    for reading in dict.fromkeys((seen, _without_marks(seen), seen.replace("-", " "), _figures_as_letters(seen))):
        for words in (*_find_in(reading), *(one[0] for one in _AGAINST_HELP.finditer(reading))):
            found[words] = None
    for first, second in pairwise(re.findall(r"[a-z]+", seen)):
        cut_off = len(second) == 1 and second not in _SHORT_WORDS
        whole = _SINGLE.fullmatch(first) or first in _SHORT_WORDS or second in _SHORT_WORDS
        if _SINGLE.fullmatch(first + second) and (cut_off or not whole):
            found[first + second] = None
    found |= dict.fromkeys(mixed_alphabet_words(text))
    together = "\n".join(found)
    return tuple(one for one in found if together.count(one) == 1)  # what another holds is told with it


_SHORT_WORDS = frozenset({"a", "i", "as", "in", "is", "it", "the", "s"})
"""Short words that end or begin no broken one."""


def _without_marks(text: str) -> str:
    """Without what stands between two letters and is none: “se-arch”, “s*arch”."""
    return re.sub(r"(?<=[a-z])[^\w\s',]+(?=[a-z])", "", text)


def _figures_as_letters(text: str) -> str:
    """With figures and signs inside words read as the letters that they stand for."""
    drawn = str.maketrans("013457@$€", "oieastase")
    return re.sub(r"\S+", lambda word: word[0].translate(drawn) if re.search("[a-z]", word[0]) else word[0], text)


def _find_in(text: str) -> Iterator[str]:
    start = 0
    for end in [*_CLAUSE.finditer(text), None]:
        clause = text[start : end.start() if end else len(text)]
        asks = end is not None and "?" in end[0]
        no = None if asks else _only_negation(clause)
        known: set[str] = set()
        for found in _WORDS.finditer(clause):
            if found[0] not in known and (no is None or not _is_forbidden(clause, found, no)):
                known.add(found[0])
                yield found[0]
        start = end.end() if end else len(text)


def _only_negation(clause: str) -> re.Match[str] | None:
    """The “no” of a clause that has one only and nothing that turns it round. Any other clause forbids nothing."""
    nos = list(islice(_NEGATION.finditer(clause), 2))
    return nos[0] if len(nos) == 1 and not _REVERSES_NEGATION.search(_without_waiting(clause)) else None


def _without_waiting(clause: str) -> str:
    """Without the word that bids to wait for advice: it turns no “no” round."""
    advice = max((one.start() for one in _ADVICE.finditer(clause)), default=-1)
    return _WAITING.sub(lambda one: "" if one.end() <= advice else one[0], clause)


def _is_forbidden(clause: str, found: re.Match[str], no: re.Match[str]) -> bool:
    """Whether the only “no” of a clause says that nobody does this."""
    if _NOBODY_AFTER.match(clause[found.end() : found.end() + _NEGATION_REACH]) or _CONTAINS_NOBODY.search(found[0]):
        return True
    at = found.start()
    if not 0 <= at - no.end() <= _NEGATION_REACH:
        return False
    begin = max(0, no.start() - _NEGATION_REACH)
    if _NEGATED_BEFORE.search(clause, begin, at):
        return True
    listed = _LIST.search(clause, begin, at)
    if listed and all(
        _WORDS.fullmatch(word) for word in re.findall(r"[a-z'-]+", listed["words"]) if word not in {"or", "nor"}
    ):
        return listed["words"].rstrip().endswith(("or", "nor")) or bool(
            re.match(r"^(?:, [a-z]+)*,? (?:or|nor) ", clause[found.end() : found.end() + _NEGATION_REACH])
        )
    chained = _CHAIN.search(clause, begin, at)
    return bool(chained and _WORDS.match(chained["first"] + chained["between"]))
