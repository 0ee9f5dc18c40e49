"""One person told of without a name: “the new lad from Vilnius in caravan 3 owes”, “one of the girls”, “his visa”, “my boss has my card”.

Signs are added up as in `persons.py`: who is meant (a pronoun, a girl, the cleaner), what is told (health, money, papers, family, fear),
and what speaks for a rule of the house rather than one person (“if a worker”, “his or her”, “policy”).
"""

from __future__ import annotations

import re

_ANY_CASE = re.IGNORECASE
ENOUGH = 0.75

JOB = (
    r"(?:line lead|team lead|shift lead|staff member|member of staff|team member|crew member|worker|picker|packer|washer|valeter|cleaner|porter|chef|cook|waiter|waitress|driver|foreman|forewoman|supervisor|gangmaster|labourer|housekeeper|maid|chambermaid|barman|barmaid|"
    r"bartender|barista|gardener|handyman|receptionist|attendant|kp|rider|courier|barber|technician|tech|fryer|mechanic|carer|nanny|guard|helper|operative|nail tech|butcher|baker|builder|"
    r"painter|dancer|tenant|lodger|trainee|apprentice|employee|student|joiner|starter|runner|dishwasher|pot ?wash|potwash|milker|herdsman|shepherd|shearer|stockman|fitter|welder|roofer|"
    r"temp|newcomer|newbie|leaver|sorter|machinist|seamstress|ironer|presser|detailer|sprayer|hod carrier|farmhand|hand|pot man|night man|bouncer|doorman|hostess|host|masseuse|"
    r"therapist|stylist|hairdresser|manicurist|migrant|refugee|asylum seeker|immigrant|candidate|recruit|interviewee|complainant|victim|survivor)"
)
_PERSON = r"(?:girl|boy|lad|lass|lassie|bloke|chap|kid|teenager|teen|guy|fella|fellow|woman|man|lady|gent|gentleman|youngster|youth|couple|person|individual|minor|mum|mother|granny|nan|grandad)"
_KIN = (
    r"(?:wife|husband|brother|sister|cousin|uncle|aunt|auntie|nephew|niece|son|daughter|girlfriend|boyfriend|fianc[eé]e?|partner|mum|mam|mother|dad|father|parents|baby|kids|children|twins|"
    r"mate|friend|family|brother[- ]in[- ]law|sister[- ]in[- ]law|in[- ]laws|stepson|stepdaughter|grandson|granddaughter|grandmother|grandfather|missus|bf|gf)"
)
_NATION = (
    r"(?:romanian?|bulgarian?|pole|polish|lithuanian?|latvian?|estonian?|hungarian|czech|slovak|ukrainian?|russian|belarusian?|albanian?|kosovan|serbian?|serb|croatian?|bosnian|turk|turkish|kurd|kurdish|syrian|iraqi|iranian|"
    r"afghan|pakistani|indian|nepali|nepalese|nepalian|bangladeshi|bengali|sri lankan|tamil|vietnamese|viet|chinese|filipin[oa]|thai|indonesian|kyrgyz|uzbek|tajik|kazakh|georgian|armenian|moldovan|portuguese|brazilian|spanish|"
    r"spaniard|italian|nigerian|ghanaian|kenyan|zimbabwean|eritrean|ethiopian|somali|sudanese|egyptian|moroccan|algerian|gambian|senegalese|timorese|african|asian|malaysian|burmese|cambodian|mongolian|colombian|"
    r"punjabi|gujarati|roma|irish|scottish|welsh|english|british|eastern european|eu)"
)
_LOOKS = r"(?:new|newest|old|older|oldest|young|younger|youngest|little|big|tall|short|small|thin|quiet|shy|other|same|first|last|second|third|poor|bald|blonde|fat|skinny|pregnant|deaf|blind|mute|disabled|injured|sick|ill|crying|missing|scared)"
_ANY_DET = r"(?:the|this|that|these|those|our|a|an|another|my|one|1|some|your|their|his|her)"

_HE = re.compile(
    r"\b(?:he|she|hes|shes|hed|he[’']s|she[’']s|he[’']d|she[’']d|he[’']ll|she[’']ll|him|himself|herself)\b",
    _ANY_CASE,
)
_HIS = re.compile(r"\b(?:his|hers|her)\b", _ANY_CASE)
_A_LAD = re.compile(
    rf"(?<!’s )\b(?:lad|lass|girl|boy|bloke|teenager)\b(?![’']s)|\b{_NATION} (?:lads|girls|boys|women|men|ladies|couple|family|brothers|sisters)\b",
    _ANY_CASE,
)
_PERSON_SAID = re.compile(
    rf"\b{_ANY_DET} (?:\w+[ -]){{0,3}}?{_PERSON}\b(?![’']?s\b| (?:power|hours|year|day|week|of (?:these|those)|who (?:does|do|works|runs|owns)))|^(?:\w+ )?(?:girl|boy|lad|lass|kid|bloke|woman|man|lady|guy|couple)\b|\b(?:girl|boy|lad|lass|woman|man|lady|guy|bloke|teenager|kid) (?:in|from|who|aged|on|is|was|has|had|with|at)\b",
    _ANY_CASE,
)
_YOUTH = re.compile(
    r"\b(?:the|this|that|our|an?|my|one|1|another|some|young|\w+(?:an|ese|ish)) (?:\w+ )?(?:girl|boy|lad|lass|lassie|bloke|teenager|youngster|fella)\b|^(?:\w+ ){0,2}?(?:girl|lad|lass|bloke|lady|teenager) (?!s\b)\w+(?![’']s)",
    _ANY_CASE,
)
_ONE_OF = re.compile(
    rf"\b(?:one|two|three|2|3|1|another|some|none|a couple|both|half|oldest|youngest|newest|first|last) of (?:the|our|my|his|her|your|them|these|those|their) ?(?:\w+ ){{0,2}}?(?P<who>girls|boys|lads|women|men|ladies|guys|kids|blokes|chaps|couples|romanians|bulgarians|albanians|poles|vietnamese|ukrainians|indians|nepalis|filipinos|{JOB}s|staff|team|crew|gang)\b|\bone of (?:them|ours|mine)\b",
    _ANY_CASE,
)
_JOB_SAID = re.compile(
    rf"\b(?P<det>{_ANY_DET}) (?P<mark>(?:[\w’'-]+ ){{0,3}}?)(?P<job>{JOB})\b(?![’']?s\b|s[’'])", _ANY_CASE
)
_JOB_BARE = re.compile(
    rf"^(?:[\w’'-]+ ){{0,2}}?{JOB}\b(?= (?:with|who|has|is|was|from|had|hurt|lost|says|said|told|got|fell|owes|sleeps|lives|paid|in|on|at|wants|asked|came|left|not|whose|aged|sent|pays|keeps|gets|cut|broke|burn\w*|never|cannot|can[’']?t)\b|,|:| [–-]| \(| \w+(?:ed|ing|s)\b| (?:off|sick|ill|still|too|so|also|only|just|very|no|without|again|now|needs|under|over|about|after|before)\b)"
    rf"|\b(?:worker|interviewee|employee|picker|washer|person|victim|witness|staff|packer|female|male) (?:[A-Z]\b|no\.? ?\d+|#? ?\d+\b(?! (?:hours|rooms|beds|days)))",
    _ANY_CASE,
)
_NATION_SAID = re.compile(
    rf"\b(?:the|a|an|one|another|our|this|that) (?:(?:{_LOOKS}) )?{_NATION} (?:in|from|who|has|had|is|was|owes|says|said|told|got|sleeps|lives|left|came|on|at|with|wants|gets|pays|paid)\b",
    _ANY_CASE,
)
_MARKED = re.compile(rf"\b(?:{_LOOKS}|{_NATION}|female|male)\b", _ANY_CASE)
_BEHIND = re.compile(
    rf"\b(?:{_PERSON}|{JOB}|{_NATION}) (?:in (?:\w+ )?(?:caravan|room|bed|bay|flat|house|unit|block|number|no|the|hut|pod)|from (?!the (?:agency|council|bank|office|police|union|insur|brewery|gas|water)|head|our|an? )|with (?:the|a|no|two|one|long|red|black|glasses|his|her)|who (?:has|had|was|is|came|left|got|lost|owes|sleeps|cannot|can[’']t|never|cries|does not|doesn[’']t)|on (?:nights|line|the (?:night|late))|"
    rf"aged|whose|we (?:had|sent|took|let|sacked|lost))",
    _ANY_CASE,
)
_SOME_OF = re.compile(
    rf"\b(?:a|two|three|four|five|six|2|3|4|5|6|couple of|few|several|some|these|those|both|all the) (?:\w+ ){{0,2}}?(?:girls|boys|lads|women|men|ladies|guys|brothers|sisters|cousins|couple|kids|siblings|{_NATION}s?|{JOB}s)\b|\b(?:the|our) (?:\w+ )?(?:girls|boys|lads|brothers|sisters|couple|twins)\b",
    _ANY_CASE,
)
_THEIR_KIN = re.compile(rf"\b(?:his|her|their|whose|the \w+[’']s|\w+[’']s) (?:\w+ )?{_KIN}\b", _ANY_CASE)
_OWN = re.compile(
    rf"\b(?:his|her) (?:\w+ ){{0,2}}?(?:{_KIN}|passport|visa|wages?|pay|payslips?|papers|phone|cards?|bank|account|room|bed|caravan|money|contract|id|hands?|arms?|legs?|back|knees?|foot|feet|eyes?|face|head|shoulders?|teeth|tooth|heart|chest|neck|hip|"
    rf"finger\w*|thumb|wrist|hours|shifts?|tips|deposit|rent|debts?|loan|boss|agent|landlord|sponsor\w*|employer|host|country|village|religion|age|birthday|address|number|shoes|boots|clothes|bags?|things|belongings|keys?|notice|job|flat|house|bike|car|van|health|illness|accident|injury|case|claim|name)\b",
    _ANY_CASE,
)
_ANY_KIN = re.compile(
    r"\b(?:brothers?|sisters?|cousins?|uncle|aunt|auntie|nephew|niece|girlfriend|boyfriend|baby|brother[- ]in[- ]law|sister[- ]in[- ]law|mother|wife|husband|son|daughter|mum|dad|couple(?! of)|twins|pregnant|newborn)\b",
    _ANY_CASE,
)
_SOME_ONE = re.compile(r"\b(?:somebody|someone|a person|some one)\b", _ANY_CASE)
_SOMEBODY = re.compile(
    r"\b(?:the person|this person|that person|the other one|the new one|(?:new|young|old|little|tall|other|quiet|oldest|smallest|foreign|last) one|the one who|the youngest|the oldest|the eldest)\b",
    _ANY_CASE,
)

HEALTH = (
    r"deaf|blind|mute|dumb|bad (?:heart|back|knee|chest|leg|arm)|heart|kidney|liver|lungs?|dementia|alzheim\w*|disabled|disabilit\w*|scars?|injur\w*|pregnan\w*|expecting|miscarr\w*|abortion|"
    r"months? gone|in labour|gave birth|period pains|tb|tuberculosis|hiv|aids|hepatitis|hep b|cancer|tumou?r|diagnos\w*|ms|chemo\w*|diabet\w*|insulin|epilep\w*|fits?|asthma\w*|inhaler|depress\w*|suicid\w*|self[- ]?harm\w*|"
    r"mental\w*|anxiety|panic attacks?|breakdown|nervous|ptsd|autis\w*|adhd|dyslexi\w*|bipolar|schizo\w*|stroke|seizure\w*|hospital|a&e|a and e|ambulance|surgery|operation|operated|hernia|broke|broken|burn(?:t|ed|s)?|"
    r"lost (?:two |a |an |his |her |the )?(?:finger\w*|eye|toe|thumb|hand|leg|baby|child)|hurt\w*|bleed\w*|blood|stitches|ill|illness|sick|poorly|unwell|fever|limp\w*|addict\w*|drunk|drinks?|drinking|alcoholic|drug\w*|cannabis|heroin|cocaine|"
    r"medicine|medication|tablets|pills|doctor|gp|dentist|tooth|teeth|toothache|rash\w*|eczema|scabies|lice|allerg\w*|infect\w*|covid|cough\w*|wheez\w*|vomit\w*|throwing up|dizzy|faint\w*|collaps\w*|passed out|wheelchair|crutches|"
    r"sling|cast|wrist|ankle|swollen|swelling|bruis\w*|black eye|cuts?|wound\w*|concuss\w*|migraine\w*|back pain|in pain|painkillers|thin|starv\w*|hungry|not eating|does not eat|sign(?:ed)? off|sick note|fit note"
)
STAY = (
    r"asylum|refugee|home office|overstay\w*|papers?|paperwork|undocumented|illegal\w*|deport\w*|detained|detention|raid\w*|no right to work|not allowed to work|no visa|visa|leave to remain|right to work|status|settled|pre-settled|"
    r"brp|share code|passport|id card|no id|fake|forged|false (?:papers|id|name)|trafficked|smuggle\w*|lorry|boat|dinghy|embassy|sponsor\w*|cos|tribunal|appeal|refused|immigration|prison|jail|criminal record|on bail|arrest\w*|police|"
    r"tag|probation|convict\w*|caution|national insurance|ni number|tax code|bank account|bank card|card"
)
MONEY = (
    r"debts?|owes?|owed|owing|loan\w*|lent|borrow\w*|repay\w*|pay(?:s|ing)? (?:off|back)|in arrears|arrears|rent|sends? (?:\w+ ){0,3}(?:home|back|money)|not been paid|never (?:been )?paid|unpaid|underpaid|docked|withheld|deduct\w*|fined|"
    r"cash in hand|cash only|paid (?:in )?(?:cash|less|half|short|late|nothing|\W?\d+)|pays? \W?\d+|gets? (?:only |just |paid )?\W?\d+|charged|wages?|half (?:the|of|his|her)|short|benefits|gambl\w*|own (?:bank )?(?:card|account|money)|holiday pay|sick pay|no contract|without (?:a )?contract|"
    r"own money|bought|sold|fee|deposit|recruitment fee|for (?:his|her) (?:ticket|visa|flight)"
)
HARM = (
    r"victim|scared|afraid|frightened|terrified|frighten\w*|fears?|cries|crying|cried|tears|upset|beaten|beats?|slap\w*|hit|hits|punch\w*|kick\w*|pushed|raped?|abus\w*|assault\w*|groped|touch\w*|harass\w*|bull(?:y|ied|ies|ying)|threat\w*|"
    r"shout\w*|scream\w*|sworn at|swears|escap\w*|ran (?:away|off)|run away|missing|disappear\w*|lock(?:ed)? (?:in|up|out)|trapped|never leaves?|never left|never goes out|not allowed|allowed|not free|can ?not leave|can[’']?t leave|not let|wo(?:n[’']t|nt) let|"
    r"controls?|controlled|controlling|forced|selling|begging|prostitut\w*|escort|stole\w*|stealing|theft|thief|sacked|fired|dismissed|let go|suspended|disciplin\w*|warning|grievance|complain\w*|reported|tribunal|"
    r"black ?list\w*|moody|lazy|trouble\w*|fight\w*|fought|argued|row with"
)
LIFE = (
    r"gay|lesbian|trans|muslim|christian|religio\w*|jew\w*|roma|gypsy|traveller|divorc\w*|separated|married|marriage|wedding|single (?:mum|mother|parent|dad)|widow\w*|baby|babies|pregnan\w*|boyfriend|girlfriend|affair|homeless|"
    r"sleeps?|sleeping|slept|lives?|living|kips?|shares?|sharing|bed bugs|no shoes|mattress|in (?:caravan|room|bed|flat) \w+|caravan|speaks? no|no english|cannot read|can[’']?t read|illiterate|lonely|homesick|orphan|funeral|died|dying|dead|death|"
    r"under ?age\w*|too young|only \d\d|looks (?:about |like )?\d\d|aged? \d\d|years old|union|wants? to (?:leave|go home|quit)|went home|gone home|no family|nobody signs|wages? go to|phone"
)
_DELICATE = re.compile(rf"\b(?:{HEALTH}|{STAY}|{MONEY}|{HARM}|{LIFE})\b", _ANY_CASE)
_PAST = re.compile(
    r"\b(?:was|had|got|did|said|told|came|left|went|lost|gave|took|fell|hurt|asked|wanted|started|stopped|worked|walked|cried|found|saw|kept|made|sent|been|broke|cut|hasn[’']?t|wasn[’']?t|didn[’']?t|never|still|since|yesterday|"
    r"last (?:week|month|year|night|summer|winter|season|\w+day)|on \w+day|this (?:week|month|morning)|in (?:january|february|march|april|may|june|july|august|september|october|november|december)|today|ago|already|again|now|wants|says|owes|thinks|looks)\b",
    _ANY_CASE,
)
_RULE = re.compile(
    r"\b(?:he or she|she or he|his or her|him or her|her or his|he/she|she/he|his/her|him/her|s/he|\(s\)he|(?:if|when|where|unless|in case|until|whenever|should|as soon as|so that|before|after|once|while) (?:a|an|any|one|someone|somebody|some one|anyone|anybody|each|every|no) ?(?:[\w-]+ ){0,2}?(?:"
    + JOB
    + r"|person|someone|somebody|anyone|anybody|member|staff|guest|customer|visitor|child|one|man|woman|minor)?|(?:any|each|every|no|whichever|all) (?:[\w-]+ ){0,2}?(?:"
    + JOB
    + r"|person|member|one|man|woman|guest|visitor|customer|child))\b",
    _ANY_CASE,
)
_RULE_LIGHT = re.compile(
    r"\b(?:everyone|everybody|anyone(?! else)|anybody|nobody|no one|workers|policy|policies|procedure\w*|always|must|should|may|posters?|leaflets?|training|risk assessment|certificate\w*|insurance|assessments?|we (?:check|train|offer|provide|give|ask|tell|keep a record|do not|don[’']t|never)|as a rule|usually|once a (?:year|month|week)|every (?:year|week|month|day|season)|weekly|monthly|yearly|each (?:year|week|month))\b",
    _ANY_CASE,
)
_SOMEBODY_ELSE = re.compile(
    r"\b(?:owner|director|accountant|bookkeeper|auditor|inspector|councillor|solicitor|lawyer|adviser|vet|mp|buyer|customer|guest|visitor|secretary|manager|postman|engineer|electrician|plumber|landowner|client|"
    r"myself|my (?:wife|husband|father|mother|dad|mum|son|daughter|parents))\b",
    _ANY_CASE,
)
"""Of whom a business may well write: not of a worker, or of the family itself."""
_FIRST_PERSON = re.compile(
    r"\b(?:my|our) (?:passports?|visas?|wages|pay|bank cards?|papers|phones?|documents?|id|contract|salary) (?:is|are|was|were|with|stay|not|has|have)\b|\b(?:my|our) (?:boss|agent|supervisor|gangmaster|landlord|employer|foreman)\b.{0,30}?"
    r"\b(?:passports?|cards?|papers|phones?|hits?|shouts?|money|wages|threat\w*|owes?|debt|lock\w*)\b|\bi(?:[’']?m| am| was|[’']ve been| got| been| have been) (?:\w+ )?(?:hit|beaten|slapped|sold|locked|not free|free|scared|afraid|ill|sick|hurt|injured|pregnant|trafficked|"
    r"threatened|charged|told|trapped|punched|touched|raped|sacked|\d{2})\b|\bi (?:paid|pay) (?:\w+ ){0,3}?(?:agent|boss|landlord|supervisor|for (?:my|the) (?:job|bed|visa|room))\b|\bi (?:owe|sleep|cannot|can not|can’t|can't|want|need|work) (?:\w+ ){0,2}?(?:leave|agent|passport|home|help|hours|debt|floor|money|pounds|\d)|\b(?:owes?|owe) me\b|\bhelp me\b"
    r"|\bmy (?:visa|passport|brother|sister|cousin|wages|debt|baby|papers|boyfriend|asylum|bed|back|hand|leg)\b.{0,40}?\b(?:took|take|takes|taken|boss|agent|owe|home office|refused|sick|ill|broken|hurt|hospital|not paid|no papers|hold|holds|keep|keeps|kept)\b",
    _ANY_CASE,
)
_NOTE = re.compile(
    r"^(?:has|had|owes|wants|says|said|sleeps|lives|sends|cannot|can[’']t|cant|got|was|isn[’']t|hasn[’']t|came|not allowed|never|only \d\d|aged|pregnant|no papers|no visa|on a (?:student|tourist|visit)|lost|hit|scared|afraid|sick|ill)\b",
    _ANY_CASE,
)


_YOUNG = frozenset({"girls", "boys", "lads", "women", "men", "ladies", "guys", "kids", "blokes", "chaps"})
_POINTING = frozenset({"this", "that", "one", "another", "a", "an"})
_SIGNS = (
    (_HE, 0.95),
    (_OWN, 0.85),
    (_HIS, 0.75),
    (_PERSON_SAID, 0.6),
    (_YOUTH, 0.9),
    (_NATION_SAID, 0.7),
    (_THEIR_KIN, 0.6),
    (_JOB_BARE, 0.4),
    (_ANY_KIN, 0.4),
    (_SOME_OF, 0.4),
    (_SOMEBODY, 0.4),
    (_A_LAD, 0.45),
    (_SOME_ONE, 0.3),
)
"""Who may be meant, and how clearly."""


_FEWEST_WORDS = 2


def weight_of_one(text: str) -> float:
    """How much speaks for one person being told of. Above `ENOUGH` it should be asked about."""
    delicate = len({found.group().lower() for found in _DELICATE.finditer(text)})
    topic = 0.0 if not delicate else 0.5 if delicate == 1 else 0.65
    past = 0.15 if _PAST.search(text) else 0.0
    who = _who(text)
    if not who:
        return topic + past + 0.3 if _NOTE.search(text) and topic else 0.0
    total = who + topic + past + (0.3 if _BEHIND.search(text) else 0.0)
    if _RULE.search(text):
        total -= 1.0
    if _RULE_LIGHT.search(text):
        total -= 0.3
    if _SOMEBODY_ELSE.search(text):
        total -= 0.6
    return total


def _who(text: str) -> float:
    """How clearly a text speaks of one person, or of a few."""
    found = [weight for sign, weight in _SIGNS if sign.search(text)]
    one_of = _ONE_OF.search(text)
    if one_of:
        found.append(0.9 if (one_of.group("who") or "them").lower() in _YOUNG else 0.5)
    for job in _JOB_SAID.finditer(text):
        marked = _MARKED.search(job.group("mark")) is not None or job.group("det").lower() in _POINTING
        found.append(0.6 if marked else 0.3)
    return max(found, default=0.0)


def tells_of_one(text: str) -> bool:
    """Whether the text tells something of one person, named or not, or of the writer. A word by itself tells nothing."""
    if len(text.split()) < _FEWEST_WORDS:
        return False
    return weight_of_one(text) >= ENOUGH or _FIRST_PERSON.search(text) is not None
