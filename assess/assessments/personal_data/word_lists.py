"""Word lists that the detector reads: ordinary English (`english.txt`), trade words, goods and makers, and words that speak for or against a person."""

from __future__ import annotations

import functools
import re
import unicodedata
from importlib import resources

_SHORTEST = 2
_PART = 4
_LONG = 7
_SUFFIXES = (
    "tion",
    "sion",
    "ment",
    "ments",
    "tions",
    "ness",
    "ship",
    "able",
    "ible",
    "ism",
    "less",
    "ful",
    "proof",
    "ology",
    "ings",
    "ally",
    "ised",
    "ising",
    "wise",
)
"""Endings no name has, in long words."""
_ENDINGS = (
    ("ies", ("y",)),
    ("ied", ("y",)),
    ("ier", ("y",)),
    ("iest", ("y",)),
    ("ily", ("y",)),
    ("ers", ("", "e")),
    ("ing", ("", "e")),
    ("ings", ("", "e")),
    ("ness", ("",)),
    ("est", ("", "e")),
    ("es", ("", "e")),
    ("ed", ("", "e")),
    ("er", ("", "e")),
    ("ly", ("",)),
    ("s", ("",)),
)
"""An ending, and what may stand in its place in the word it was made of."""


def _words_of_file(name: str) -> frozenset[str]:
    text = resources.files("assess.assessments.personal_data").joinpath(name).read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@functools.cache
def _listed() -> frozenset[str]:
    return _words_of_file("english.txt")


def stems(word: str) -> tuple[str, ...]:
    """The words of which a word (in small letters) may be made by a usual ending: “picked” gives “pick” and “picke”."""
    found: list[str] = []
    for ending, puts in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            stem = word[: -len(ending)]
            found += [stem + put for put in puts]
            if ending not in {"s", "ly", "ness"} and stem[-1] == stem[-2]:
                found.append(stem[:-1])
    return tuple(found)


def is_english(word: str) -> bool:
    """Whether a word in small letters stands in the list, as it is, with an ending, or put together of two."""
    words = _listed()
    if "-" in word:
        return all(is_english(part) for part in word.split("-") if part)
    if word in words or any(stem in words for stem in stems(word)):
        return True
    if len(word) > _LONG and word.endswith(_SUFFIXES):
        return True
    if any(word[:cut] in words and word[cut:] in words for cut in range(_PART, len(word) - _PART + 1)):
        return True
    return word[:2] in {"un", "re"} and len(word) > 5 and is_english(word[2:])  # noqa: PLR2004 - shorter words begin with these by chance


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


TRADE_WORDS = _words_of_file("trade_words.txt")

GOODS = word_set(
    """
    potatoes potato carrots onions leeks eggs pullets hens poults chicks cattle sheep pigs lambs seed seeds plugs bulbs fertiliser fertilisers fertilizer manure muck compost sprays spray chemicals feed grain wheat barley
    maize hay straw flowers plants trees roses fruit strawberries apples pears plums cherries berries veg vegetables salad salads earlies punnets pallets crates boxes trays labels film fleece nets netting canes string twine packaging
    cartons bags sacks trailer trailers tractor tractors lorry lorries forklift forklifts telehandler digger loader harvester combine drill grader sprayer machine machines machinery kit tools equipment spares tyres diesel
    fuel gas oil lpg heating boiler pump pumps generator washer washers lance hoses hose nozzles shampoo wax foam sponges cloths mats fresheners polish tfr acid detergent bleach soap paper towels linen sheets duvets pillows
    uniforms uniform aprons gloves boots wellies overalls hi-vis workwear ppe goggles helmets meat beef pork lamb chicken turkey fish prawns seafood salmon cheese milk butter cream bread flour sugar rice noodles pasta
    spices sauce sauces oil coffee tea chocolate beer lager ale wine wines gin vodka whisky rum cider spirits crisps sweets gel acrylic varnish lashes wax files acetone chairs beds furniture mattresses
    bedding carpets laundry bricks timber cement sand gravel blocks steel paint tiles glass panels cables phones laptops tablets printer till tills software app website insurance policy payroll
    skip skips bins waste scaffolding van vans minibus coaches taxis freight haulage transport repairs servicing varieties variety brand label products stock supplies supply supplier suppliers wholesaler
    wholesalers ingredients bakery cakes pies sausages bacon ham crockery cutlery pans ovens oven fridges fridge freezer dishwasher dryer mixer hoover hoovers vacuum vacuums mop mops buckets toiletries
    caravans cabins toilets fencing polytunnels polytunnel tunnels peat coir bees potting irrigation pesticides herbicide lime kebab doner pizza bases cartons tubs cups lids straws napkins foil
    """
)

_DEALING = word_set(
    "from through via off use uses using sell sells sold buy buys bought order orders stock stocks supplied supplier suppliers brand called by to"
)
_DEALING_BEHIND = frozenset({"via", "through", "supplied", "deliver", "delivers"})
_DEALT = re.compile(
    r"\b(?:supplied|serviced|made|delivered|fitted|installed|sold|insured|audited|repaired|hired|leased|bought|printed|run|collected)\b"
)


def has_goods(lows: frozenset[str]) -> bool:
    return (
        any(is_a_good(low) for low in lows) or not MAKERS.isdisjoint(lows) or "supplied" in lows or "deliveries" in lows
    )


def is_a_good(low: str) -> bool:
    return not GOODS.isdisjoint({low, low.removesuffix("s"), f"{low}s"})


def is_dealt_with(before: list[str], behind: list[str]) -> bool:
    """Whether a name stands where sellers, buyers and makes stand: “from …”, “we use …”, or before goods."""
    return (
        not _DEALING.isdisjoint(before[-6:])
        or not _DEALING_BEHIND.isdisjoint(behind[:4])
        or (":" in before[-4:] and not GOODS.isdisjoint(before))
        or any(is_a_good(low) for low in behind[:1])
        or _DEALT.search(" ".join(behind[:2])) is not None
    )


MAKERS = word_set(
    """
    ford transit vauxhall vivaro corsa peugeot citroen renault trafic nissan toyota hyundai kia skoda audi bmw mercedes sprinter vw volkswagen fiat iveco daf scania volvo man isuzu honda yamaha suzuki kubota jcb claas fendt
    valtra deutz krone kverneland vaderstad amazone grimme standen pottinger kuhn lemken manitou merlo matbro bobcat stihl husqvarna makita dewalt bosch hilti ryobi milwaukee karcher nilfisk numatic kranzle hobart winterhalter
    meiko miele electrolux zanussi whirlpool beko bosch siemens smeg rational lincat blue seal falcon foster gram hoshizaki williams adande vollrath microplane sodexo compass aramark bidvest bidfood brakes booker makro costco
    tesco asda morrisons waitrose lidl aldi iceland ocado deliveroo ubereats justeat opentable resdiary treatwell fresha booksy rotaready rotacloud deputy fourth sage xero quickbooks iris brightpay moneysoft worldpay sumup
    zettle stripe izettle takepayments barclaycard dojo square paypal wise revolut monzo starling tide natwest lloyds barclays hsbc santander halifax nationwide metro severn trent thames anglian yorkshire northumbrian southern affinity
    eon edf octopus ovo npower sse utilita opus drax biffa veolia suez viridor grundon serco initial rentokil cannon phs ecolab diversey johnson unilever procter reckitt dettol fairy domestos cif flash vanish persil ariel autoglym
    autosmart meguiars turtle sonax gtechniq koch chemie gyeon carpro valetpro dyno clark enterprise hertz avis europcar sixt arval lex thrifty northgate screwfix toolstation wickes travis perkins jewson howdens selco buildbase
    bookers dunelm ikea argos amazon ebay temu aliexpress etsy shein primark matalan next dunnes opi cnd shellac gelish bluesky essie dashing diva nsi kiara salon sally capital wella loreal schwarzkopf redken
    heineken carlsberg stella peroni madri guinness carling fosters strongbow magners kopparberg smirnoff absolut gordons tanqueray bombay jameson baileys bacardi havana kraken jagermeister coca cola pepsi fanta sprite schweppes
    fevertree britvic redbull lavazza illy costa nescafe kenco tetley pg twinings yorkshire lipton heinz hellmanns knorr maggi bisto colmans oxo mccain birdseye findus walkers mccoys pringles cadbury nestle mars haribo muller
    arla yeo danone lurpak anchor cathedral philadelphia quorn linda yara syngenta bayer basf corteva bejo elsoms limagrain kws agrii frontier hutchinsons agrovista openfield nationwide huntapac greenvale branston produce barfoots
    bakkavor greencore samworth cranswick moypark avara faccenda bernard gressingham dovecote abp dunbia kepak pilgrims tulip noble dawn lohmann hyline novogen cobb ross isa dekalb ascot smeta sedex brcgs glaa acas hmrc ofsted
    google microsoft excel outlook teams zoom dropbox whatsapp telegram viber facebook instagram tiktok youtube gumtree indeed totaljobs reed adecco randstad manpower hays blue arrow gi staffline pertemps proforce concordia
    aviva axa allianz zurich nfu hiscox direct churchill admiral ageas nest peoples royal london scottish widows legal general standard life bupa vitality simplyhealth
    bt ee vodafone virgin sky talktalk giffgaff lebara lycamobile plusnet
    """
)

PLACES = word_set(
    """
    aberdeen aldershot ashford aylesbury banbury bangor barnsley barnet basildon basingstoke bath bedford bedfordshire belfast berkshire berwick birmingham blackburn blackpool bolton boston bournemouth bracknell bradford brentford brentwood brighton bristol
    bromley buckinghamshire burnley burton bury camberley cambridge camden canterbury cardiff carlisle chatham chelmsford cheltenham cheshire chester chesterfield chichester colchester cornwall corby coventry crawley crewe croydon
    cumbria darlington dartford derby derbyshire devon doncaster dorset dover dudley dundee durham ealing eastbourne edinburgh enfield epsom essex exeter evesham falkirk fareham felixstowe fenland folkestone gateshead glasgow gloucester
    gloucestershire grantham gravesend greenwich grimsby guildford hackney halifax hampshire harlow harrogate harrow harwich hastings hatfield hereford herefordshire hertford hertfordshire holbeach hounslow hove huddersfield hull huntingdon
    ilford inverness ipswich islington kent kettering kidderminster kirklees lambeth lancashire lancaster leamington leeds leicester leicestershire lewisham lincoln lincolnshire liverpool london loughborough luton lutterworth maidstone manchester mansfield
    margate medway merseyside middlesbrough middlesex midlands milton keynes newark newcastle newham newmarket newport northampton northamptonshire northumberland norwich nottingham nottinghamshire oldham oxford oxfordshire paddington peckham penzance
    perth peterborough plymouth poole portsmouth preston ramsgate reading redditch redhill richmond rochdale rotherham rugby rushden salford salisbury scarborough scotland scunthorpe sheffield shrewsbury shropshire slough solihull
    somerset southall southampton southend southport spalding staffordshire staines stevenage stockport stockton stoke stratford sudbury suffolk sunderland surrey sussex swansea swindon tamworth taunton telford thanet thurrock tilbury torquay tottenham truro
    tunbridge tyneside uxbridge wakefield wales walsall walthamstow warrington warwick warwickshire watford wembley westminster weymouth wigan wiltshire winchester windsor wirral wisbech woking wolverhampton worcester worcestershire worthing wrexham wycombe yeovil
    york yorkshire thetford fakenham dereham swaffham downham diss bungay beccles lowestoft cromer sheringham holt hunstanton attleborough wymondham watton brandon mildenhall ely chatteris whittlesey march ramsey sleaford skegness
    timor dili bucharest sofia plovdiv varna warsaw krakow vilnius kaunas riga daugavpils tallinn budapest prague bratislava kyiv kiev lviv odesa tirana durres shkoder pristina belgrade zagreb sarajevo istanbul ankara izmir damascus
    baghdad erbil tehran kabul islamabad lahore karachi mirpur peshawar delhi mumbai amritsar jalandhar punjab gujarat kerala goa kolkata dhaka sylhet chittagong kathmandu pokhara colombo hanoi saigon haiphong vinh beijing shanghai
    fujian guangzhou manila cebu davao bangkok jakarta bali bishkek osh tashkent samarkand almaty astana dushanbe chisinau lagos abuja benin accra kumasi nairobi harare bulawayo asmara addis mogadishu khartoum cairo casablanca lisbon
    porto madrid barcelona rome milan naples paris lyon calais dunkirk berlin hamburg amsterdam rotterdam brussels antwerp dublin cork galway
    thames severn trent mersey humber ouse nene welland avon tyne tees wash fens broads pennines cotswolds
    """
)
"""Towns, counties and rivers: no names of persons unless a list of names has them."""

TITLES = word_set(
    "mr mrs ms miss mister missus mstr master madam sir dr pan pani dna dl domnul doamna bai auntie aunty"
)

WHO = word_set(
    """
    wife husband partner girlfriend boyfriend brother sister cousin uncle aunt nephew niece son daughter father mother mum mam dad grandad law inlaw friend mate
    colleague lad lass boy girl guy bloke chap fella man woman lady kid teenager worker picker packer washer valeter cleaner porter chef cook waiter waitress
    housekeeper maid receptionist driver foreman forewoman supervisor gangmaster leader ganger agent boss landlord landlady fixer recruiter manager tractor
    apprentice student labourer tenant lodger roommate translator interpreter nightporter barman barmaid bartender kp painter builder
    old young little big mad
    """
)
"""What may stand directly before a name."""

TRADES = word_set(
    """
    worker picker packer washer valeter cleaner porter chef cook waiter waitress housekeeper maid chambermaid receptionist driver foreman supervisor gangmaster leader boss landlord gardener
    barman barmaid bartender manager apprentice student labourer translator room kitchen night kp front head sous agency tractor bar shop owner lad girl agent lodger attendant painter builder handyman shift rider barber tech technician fryer mechanic carer guard helper assistant operative housekeeping reception laundry packhouse packing nights security grading valeting dishwasher joiner starter temp farmhand hand lads girls boys fitter butcher baker grower keeper runner collector enforcer middleman
    """
)
"""What may stand behind a name and “the”, or behind a comma."""

DEEDS_OF_WORDS = word_set(
    "dawn rose amber hope faith joy grace mercy mark rob sue bob pat will drew jack bill jo flo viv del kit guy max gene chuck dean grant frank carter curt gus hank ray les rich skip chase cliff glen miles tyler christian"
)
"""Names that are words too, but before a verb are hardly ever anything but a name: “Mark keeps the tips”."""

SEASONS = word_set(
    "january february march april may june july august september october november december spring summer autumn winter sunday easter"
)
"""Not names before a plain verb: “April is our busy time”."""

NAMING = re.compile(
    r"(?:(?<!firm )(?<!company )(?<!agency )(?<!business )(?<!product )(?<!shop )(?<!place )(?<!farm )(?<!wash )(?<!hotel )(?<!app )(?<!group )(?<!supplier )(?<!restaurant is )(?<!system is )(?<!it is )(?<!is )"
    r"(?<!scheme )(?<!village )(?<!brand )(?<!system )(?:called|named|nicknamed|callled|namd)"
    r"|(?:he|she|who|girl|boy|lad|man|woman|lady|guy|cook|chef|driver|foreman|boss|worker) is (?:called|named)|(?:his|her|whose|my|real|first|full|sur|nick) ?name is|known as|goes by|answers to|(?:calls?|called) (?:him|her|himself|herself))\Z"
)
SPEAKING = re.compile(
    r"\b(?:ask|asked|tell|told|text|texted|ring|rang|phone|phoned|spoke to|spoke with|met|met with|lent|saw|speak to|speak with|talk to|talked to|talking to|ask for|sacked|fired|dismissed|hit|slapped|paid for|owes|owed|owe|"
    r"threatened|beat|shouted at|sent home|lent|lend|charged|belongs to|signed by|signed|shared by|shares with|paid by|owed to|owed by|pays|pay|looked after by|sold by|used by|from my|sent by|works with|stays with|lives with|near|and our|signed :|kept by|held by|run by|hired by|brought by|collected by|driven by|room of|bed of|house of|passport of|wages of|passport for|told by|by my|"
    r"wages for|visa for|pay for|contract for|contract of|payslips for|payslip for|complaint from|(?:grievance|message|letter|note|text|statement|call|request|resignation|email|advance|loan|complaints|query) from|(?:grievance|complaint|advance|loan|wages|rent|shift|bed|room|cover|overtime|letter) for|complained about|complaint by|complaint :|cc|attn|fao|dear|hi|hello|thanks|regards|re|re :|w /|real name|name|leaver|leaver :|employee :|worker :|interviewee :|interviewer :|driver :|contact :|supervisor :|witness :|victim :|w|with :|from :|from our|by our|with our|name of|named|name :|name is|remove|who is|whos|keys off|off|just|wage for|cash for|contact for|moved|move|transferred|swapped|promoted|trained|interviewed|reported|helped|warned|employed|hired|recruited|replaced|sent|put|took|brought|collected|owing|paying|asking|telling|texting|ringing|calling|moving|sacking|helping|"
    r"reference for|warning for|go to|goes to|contact|gave|give|paid|let|we let)\Z"
)

STRONG_DEEDS = re.compile(
    r"(?:(?:still|also|always|never|often|now|just|both|all|who|and \w+|& \w+|from \w+|in \w+ \d+|\w+) ){0,2}?"
    r"(?:owes|sleeps|sleep in|lives|live in|lives? (?:at|above|with)|work for (?:their|his|her)|faints|fainted|collapsed|took (?:off|his|her)|drives (?:them|him|her|people|the)|kips|cries|cried|is pregnant|was pregnant|got pregnant|ran away|ran off|left us|quit|went home|went back|went off|went to (?:hospital|a&e)|"
    r"(?:is|was|are|were|been|be|got|gets|has been|have been|had been|feels|felt|not|been) (?:still |not |very |too |always |now |only |just |being |been |so |really )*(?:ill|sick|hurt|injured|scared|afraid|frightened|drunk|homeless|"
    r"pregnant|depressed|diabetic|disabled|epileptic|deaf|sacked|fired|moved|arrested|beaten|hit|slapped|charged|paid|sent home|sent back|told|asked|made to|overstayed|underage|illegal|burned|burnt|cut|"
    r"crying|limping|sleeping|living|off sick|off work|in hospital|in debt|an asylum|a refugee|on a student|on a visa|undocumented|here illegally|from \w+|waiting for|trafficked|ashamed|threatened)|"
    r"(?:has|have|had) (?:no|broken|a bad|lost|never|debts?) \w+|(?:has|have|had|have|hasnt|hasn’t|hasn't|has no|got|gets|has got|without) (?:\w+ ){0,2}?(?:papers?|passport|visa|asthma|cancer|hiv|tb|diabetes|epilepsy|hernia|debts?|fever|kids|children|baby|bad back|back pain|stroke|accident|bank account|contract|right to work|permit)|"
    r"hurt (?:his|her)|broke (?:his|her)|cut (?:his|her)|burn(?:ed|t) (?:his|her)|lost (?:his|her|two|a finger)|(?:wants|asked|asks|keeps|lost|gave|needs|took|takes|showed) (?:\w+ ){0,2}?(?:his|her) (?:\w+ )?(?:passport|wages?|pay|money|papers|id|phone|documents?|card|visa|key)|"
    r"(?:and|&|n|plus|with|,) (?:his|her) (?:wife|husband|brother|sister|cousin|son|daughter|girlfriend|boyfriend|partner|mate|friend|family|kids|mum|dad|uncle|aunt)|"
    r"shares? (?:a|one|the|with)|(?:pays|paid|sends|sent|looks after|gets|keeps|does|takes|took) (?:\w+ ){0,3}(?:his|her) (?:own )?(?:\w+ )?(?:room|wife|family|cousins?|brother|sister|mother|agent|boss|head|uncle|kids|money|wages|rent|landlord)|does not have|doesnt have|came from|comes from|came over|pays rent to|arrived from|fell (?:off|from|down|over)|fainted|collapsed|overstayed|(?:hit|slapped|punched|threatened|shouted|shouts|bullies|touched|touches|beats))\b"
)

PLAIN_DEEDS = re.compile(
    r"(?:(?:still|also|always|never|often|now|just|who|usually|only|already|sometimes|and \w+|& \w+|(?:in|on|at|from) (?:the |our |a )?\w+(?: no| nr| number)?(?: \w?\d+)?) ){0,2}?"
    r"(?:says|said|told|tells|wanted|worked|keeps|kept|knows|knew|takes|took|came|left|looks after|deals with|drives|drove|collects|brings|brought|went|speaks|spoke|thinks|cleans|washes|cooks|signed|complained|earns|borrowed|"
    r"handed|gave|decides|counts|lends|begged|refused|agreed|phoned|rang|texted|called|swept|mops|irons|chops|serves|picks|packs|translates|interprets|recruits|recruited|sorts|arranges|threatens|drinks|takes?|lets|does wages|does nights|and \w+ (?:do|work|share|drive|keep|want|take|have|live|sleep|clean|wash)|smokes|prays|helps (?:out|us|him|her|on|in|with|at)|does (?:the|all|our|his|her|their|a)|"
    r"works? (?:for|at|in|on|here|nights|days|with|as|\d+)|started|(?:is|was|isnt|isn’t|isn't) (?:not )?(?:on the (?:payroll|books|run|phone)|in (?:charge|prison|jail|bed|hospital|caravan|room)|our|my|his|her|the (?:one|man|boss|foreman|driver|cook|chef|leader|gangmaster|landlord|manager)|a (?:good|nice|hard|bad|lovely)|"
    r"only|due|owed|leaving|retired|late|married|single|new|tired|angry|upset|happy|good with)|has (?:not|the (?:keys?|list|money|van|phone|cards?|book)|worked|two|three|gone|left|been)|can(?:not|’t|'t|t)? (?:read|speak|write|drive|work|leave|not))\b"
)

FROM_ABROAD = re.compile(
    r"(?:[,(–-] ?)?(?:from |the |a |an )?(?:romanian?|bulgarian?|polish|poland|lithuanian?|latvian?|estonian?|hungary|hungarian|czech|slovak(?:ia)?|ukrain(?:e|ian)|russian?|albanian?|kosov(?:o|an)|serbian?|turk(?:ey|ish)|kurd(?:ish)?|syrian?|iraqi?|iran(?:ian)?|"
    r"afghan(?:istan)?|pakistani?|indian?|nepal(?:i|ese)?|bangladeshi?|sri lankan?|vietnam(?:ese)?|chin(?:a|ese)|filipin[oa]|philippines|thai(?:land)?|indonesian?|kyrgyz(?:stan)?|uzbek(?:istan)?|tajik(?:istan)?|kazakh(?:stan)?|moldovan?|portug(?:al|uese)|brazil(?:ian)?|"
    r"spain|spanish|nigerian?|ghana(?:ian)?|kenyan?|zimbabwe(?:an)?|eritrean?|ethiopian?|somali(?:a)?|sudan(?:ese)?|egypt(?:ian)?|timor(?:ese)?|gambian?|senegal(?:ese)?|morocc(?:o|an)|algerian?)\b(?! (?:food|firm|company|farm|rice|wine|supplier|made|cotton|coffee|tea))"
)

WEAK_DEEDS = re.compile(
    r"(?:(?:still|also|always|never|often|now|just|who|usually|and \w+|& \w+|only) ){0,2}?"
    r"(?:is|was|has|had|does|did|says|said|told|tells|wants|wanted|works|worked|does|did|keeps|kept|knows|knew|takes|took|gets|got|pays|paid|came|comes|left|starts|started|looks after|deals with|drives|drove|"
    r"collects|brings|brought|sends|sent|went|goes|asks|asked|speaks|spoke|thinks|cleans|washes|cooks|helps|signs|signed|checks|complained|complains|earns|shares|borrowed|runs|hands|gave|gives|holds|needs|cannot|"
    r"won’t|won't|doesnt|doesn’t|doesn't|hasnt|hasn’t|hasn't|isnt|isn’t|isn't|didnt|didn’t|didn't|rings|sorts|handles|arranges|organises|makes|lets|translates|interprets)\b"
)

OF_ONE_PERSON = re.compile(
    r"(?:(?:s|two|old|new|first|last|own|little|weekly|holiday|student|work) ){0,2}?(?:passport|visa|wages|wage|pay|payslips?|phone|mobile|number|wife|husband|brother|sister|cousin|uncle|mother|father|mum|dad|son|daughter|kids|children|baby|family|room|bed|caravan|"
    r"papers|documents|contract|bank|account|debt|debts|money|address|birthday|back|hand|leg|arm|knee|hours|shift|shifts|id|girlfriend|boyfriend|partner|dob|ni|car|van|mate|hands|eye|eyes|shoes|notebook|name|job|words|list|boss|agent|hair|teeth|heart|face|arms|legs|ear|head|clothes|medicine|doctor|health|illness|accident|complaint|permit|loan|tips|deposit|rent|asylum|case|bike|house|home|flat)\b"
)

FIRM_WORDS = word_set(
    """
    suite suites ballroom pubs inns hotels bars clubs club chain chains franchise franchises lounge terrace theatre cinema museum gallery festival hospice surgery pharmacy chemist chemists opticians dentist vets
    ltd limited plc llp llc inc gmbh co company companies group holdings sons bros brothers daughters partners partnership farm farms farming growers grower growing nurseries nursery orchards orchard estate
    estates packaging recruitment staffing staff personnel resourcing labour labor workforce solutions services service supplies supply supplier suppliers wholesale wholesalers cash carry foods food produce fruit fruits veg
    vegetables salads meats meat poultry fish fisheries seafood dairy dairies bakery bakers bakeries butchers butcher brewery breweries wines wine spirits drinks hotel hotels inn lodge resort spa pub arms tavern
    cafe café restaurant restaurants grill kitchen kitchens takeaway kebab pizza pizzeria bistro catering caterers laundry laundries linen linens textiles uniforms workwear clothing fabrics motors motor garage garages autos auto
    tyres cars valeting valet wash washes handwash carwash chemicals chemical detailing haulage transport logistics freight couriers travel coaches taxis cabs minibuses engineering machinery agri agriculture
    agricultural seeds seed fertilisers feeds grain potatoes flowers florist florists plants eggs bank building society insurance accountants accountancy accounting bookkeeping payroll solicitors law legal consulting
    consultants consultancy consultants associates agency agencies training academy college school university church mosque temple centre center trust foundation charity council authority association union federation
    institute board office agency department ministry commission court police act regulations regulation directive order code scheme standard standards award certification audit audits certificate policy
    properties property lettings letting developments construction builders contractors contractor contracting landscapes landscaping gardens cleaning cleaners hygiene waste recycling environmental skips skip scaffolding plumbing electrical
    electrics heating security systems software technologies tech media print printing printers stationers stationery furniture interiors mattresses beds bedding timber metals steel plastics glass hire rentals rental leasing finance capital
    international global europe uk gb england trading traders imports exports import export enterprises ventures industries products brand brands stores store shop shops market markets supermarket supermarkets mart bazaar
    pharmacy chemist opticians dental surgery clinic hospital ambulance hospice care homes house’s machinery polish wax shampoo foam cream sauce biscuits beans tea coffee rice oil chocolate sugar pepper nuts whisky whiskey gin rum
    vodka tequila champagne ale beer cider lager apples apple pears pear plums plum roses rose tomatoes tomato carrots onions cabbage lettuce peas squash grapes sponge potato cheese crisps gloves boots tractors tractor trailer
    trailers parts spares vacuum vacuums hoover mower mowers forklift forklifts pressure washers line lines award veritas
    """
)
"""What makes the words around it the name of a firm, an office, a law or a product."""

PLACE_WORDS = word_set(
    """
    drove droves bank causeway bypass roundabout junction estate industrial business retail spitalfields
    road street house lane avenue close drive terrace crescent court gardens grove square hill row walk mews parade green park bridge wood woods island station airport harbour quay wharf mill mills barn hall manor castle abbey
    priory grange cottage villa heath common fen fens marsh moor valley vale dale coast bay beach county village town city north south east west upper lower great lynn edmunds ives neots albans andrews helens
    january february march april september october november december christmas easter eve day week weekend season festival bank
    """
)

EVERYDAY = word_set(
    """
    a about above abuse access accident accommodation account accountant act action after again age agency agent ago all allowed already also always am an and annual another any anybody anyone anything apple april apply are area around as ask asked
    at audit away back bad bank be because bed beds been before being below best better between bill bills board boards book books boss both bottom box break breaks bring british broken building business but buy by call came can cannot canteen
    car cars caravan cash certificate change charge check checked checks cheese chef chemical christmas clean cleaner cleaning clear close clothes code coffee college come company complaint complaints contact contract contracts cook copies copy
    cost costs could council course daily date day days delivery deposit detergent did diesel different dinner do document documents does done don't don’t door drain drinks drive driver drivers during duty each early easter eggs either email
    employees employer employment end english enough equipment etc even evening every everybody everyone everything except extra fair family far farm farmer feb few file files find fire first fish flour flowers folder food foot for foreman form
    found free fresh friday from fruit fuel full further gas general get getting girl girls give given gloves go goes going good got grapes green group guests had half hand has have he health heating help helpline her here him his holiday home
    hospital hotel hour hourly hours house household housing how however i if important in income induction information inside insurance interview into invoice invoices is it items its job jobs join july june just keep kept key keys kind kitchen
    know knows labour land landlord language languages large last late laundry law lease least leave left legal less let letter level licence like linen list little live lives local lock london long look lot lunch machine made main make man
    manager managers many may maybe me meal meals meat meet meeting meetings men milk minimum mon monday money month monthly months more morning most mostly mr much must my name names need needs never new next night no nobody none normal north
    not note notes nothing notice november now number nurse october of off office often oil ok old on once one only open opening or order orders other others our out outside over own owner owners paid paper papers part parts passport passports
    pay payment payroll payslip payslips people per permit person phone photo picked pickers place plan plants please police policy poster posters potatoes pound pounds problem proof provide provider public put quarterly question questions rate
    rates read ready reason receipt receipts record records red reference rent report reports rest restaurant rice right rights risk room rooms rota rule rules run safe safety said sales same saturday say school seasonal second section see seed
    self send september service several share she sheet sheets shift shifts shop short should show sick sign signed signs since site small so soap some somebody someone something sometimes soon speak staff start statement still stock stop store
    storage student students such sugar summer sunday supermarket supervisor supervisors supplier suppliers supply sure talk tax tea team tell temporary than thank thanks that the their them then there these they thing things this those three
    through thursday till time times tip tips to today together told tomorrow tools too top towels track training transport trial true tuesday twice two under uniform uniforms union unit until up us use used usually van vans vegetables very visa
    visit visitors volunteers wage wages wait waiting want wash washer washers washing waste water way we wear website wednesday week weekend weekends weekly weeks welcome well went were what when where which while who whole why will winter with
    within without woman women word words work worker workers working workplace would write written year years yes yesterday you young your yours zero
    whoever whatever anyway although though unless despite per via across against along among behind beside beyond inside near onto toward towards throughout unlike upon versus our’s ours theirs mine himself herself themselves itself myself
    nightly fortnightly monthly yearly managers director directors chairman chair secretary clerk treasurer partner partners shareholders family families owner lodger tenants tenant guest customer customers client clients buyer buyers
    recruitment harvest packhouse packing picking grading greenhouse polytunnel tunnel tunnels field fields yard barn shed workshop garage kitchen reception bar cellar pantry dining lounge spa pool housekeeping maintenance grounds garden gardening
    bulgaria bulgarian bulgarians romania romanian romanians poland polish poles lithuania lithuanian lithuanians latvia latvian estonia estonian hungary hungarian hungarians czech slovak slovakia ukraine ukrainian ukrainians russia russian
    albania albanian albanians kosovo kosovan serbia serbian croatia croatian greece greek turkey turkish kurdish kurd kurds syria syrian iraq iraqi iran iranian afghan afghanistan pakistan pakistani india indian indians nepal nepalese nepali
    bangladesh bangladeshi sri lanka lankan tamil sinhala hindi urdu punjabi gujarati bengali vietnam vietnamese china chinese mandarin cantonese hong kong philippines filipino tagalog thailand thai indonesia indonesian malaysia kyrgyz
    kyrgyzstan uzbek uzbekistan tajik tajikistan kazakh kazakhstan georgian moldova moldovan portugal portuguese brazil brazilian spain spanish italy italian france french germany german dutch netherlands holland belgium ireland irish
    scotland scottish wales welsh england english britain british europe european eu african africa nigeria nigerian ghana ghanaian kenya zimbabwe eritrea eritrean ethiopia ethiopian somali somalia sudan sudanese egypt arabic america
    american uk gb usa asia asian roma muslim christian sikh hindu catholic ramadan eid diwali norfolk suffolk cambridgeshire lincolnshire essex kent norwich yarmouth lynn thetford wisbech boston spalding peterborough ely cambridge ipswich
    dereham swaffham fakenham cromer lowestoft attleborough downham watton manchester birmingham leeds liverpool
    january february march april june july august september october november december mondays tuesdays wednesdays thursdays fridays saturdays sundays spring autumn mon tue tues wed thu thur thurs fri sat sun jan feb mar apr jun jul aug sep sept
    oct nov dec xmas noon midnight
    modern slavery acas hmrc glaa gla sedex smeta tesco asda aldi lidl morrisons sainsbury sainsburys waitrose booker brakes bidfood costco nisa spar coop makro sysco amazon ebay google facebook whatsapp excel word sage xero quickbooks
    monzo barclays hsbc lloyds natwest santander halifax brightpay deputy rotacloud planday booking expedia airbnb trip advisor tripadvisor unseen citizens advice crimestoppers nhs gp ofsted defra dvla dvsa hse riddor coshh haccp gdpr
    companies environment anglian council home government parliament minister nfu cla bha ukhospitality fairtrade rainforest globalgap leaf red tractor concordia fruitful hops agri-hr ethical re-people proforce pro-force staffline
    dettol fairy domestos autoglym turtle karcher kärcher henry nilfisk numatic ppe pvc led cctv wifi pin pdf atm id dbs paye vat p45 p60 nino
    mop buckets bucket cloth cloths sponge sponges brush brushes wax shampoo polish hose lance pump tank tyre tyres wheel wheels mat mats foam spray filter filters interceptor
    apples strawberries raspberries berries cherries plums pears beans peas asparagus lettuce salad salads leeks onions carrots cabbage cauliflower broccoli sprouts pumpkins mushrooms tomatoes cucumbers peppers herbs daffodils tulips bulbs
    turkeys chicken chickens pork beef lamb duck prawns salmon cod crab mussels cockles
    please kindly dear hello hi morning afternoon regards sincerely yours faithfully attn fao cc ps nb asap tbc tba
    timorese gambian senegalese algerian moroccan
    theres thats whats heres wheres whos lets ive youve weve theyve youre theyre were dont doesnt didnt isnt arent wasnt werent havent hasnt hadnt cant couldnt wouldnt shouldnt wont mustnt neednt aint cos coz cuz dunno gonna wanna gotta kinda sorta alot innit til tho thru bc pls plz thx ok okay yr yrs hr hrs wk wks mth mths min mins max approx incl excl etc eg ie vs asap misc qty tonne tonnes folk folks reps rep lot lots bit bits bloody tacho tachos info admin ops mgr mgmt dept gov docs doc spec specs temp temps biz co app apps
    maybe perhaps probably currently recently sometimes rarely usually generally normally mostly mainly nearly almost roughly approximately about around
    """
)
"""Words that are no names though they may carry a capital: at the start of a sentence, as days, nations, languages, offices, trade names."""

BRANDS = re.compile(
    r"\b(?:john deere|massey ferguson|marks (?:and|&) spencer|m&s|king edwards?|maris pipers?|maris peers?|granny smiths?|pink lady|earl grey|lady grey|uncle ben[’']?s|aunt bessie[’']?s|ben (?:and|&) jerry[’']?s|jack daniel[’']?s|johnnie walker|"
    r"captain morgan|jim beam|jose cuervo|gordon[’']?s gin|henry hoovers?|henry vacuums?|henry vac|jamie oliver|st\.? john ambulance|john lewis|william morrison|robert dyas|laura ashley|paul smith|mary berry|peter pan|robin hood|father christmas|"
    r"ted baker|tommy hilfiger|calvin klein|levi[’']?s|dr\.? oetker|dr\.? martens|mr\.? kipling|mr\.? muscle|mr\.? sheen|mrs\.? hinch|mrs\.? beeton[’']?s|dr\.? pepper|mr\.? men|mr\.? porky|mr\.? whippy|ms office|ms word|ms excel|ms teams|ms paint|victoria sponge|victoria plums?|"
    r"conference pears?|cox[’']?s?|bramleys?|william pears?|charlotte potatoes|king prawns?|queen scallops?|lady day|new holland|case ih|simon cowell|oliver twist|steve jobs|ann summers|dorothy perkins|"
    r"jo malone|molton brown|thomas cook|simon howie|duncan hines|ella[’']?s kitchen|innocent smoothies?|will[- ]?writing|bill of lading|bill of rights|jerry cans?|jack[- ]?ups?|trolley jacks?|"
    r"long grain|sage (?:50|200|payroll|accounts?)|sri lankan?|linda mccartney|bob martin|rick stein|bernard matthews|greene king|casa marina|gordon ramsay|nigella|paul hollywood|tom kerridge|heston|basmati|tom yum|san miguel|san pellegrino|don julio|pedro ximenez|santa claus|st\.? george[’']?s day|st\.? andrew[’']?s day|st\.? patrick[’']?s day|harry potter|bob cats?|bobcats?|jcb|"
    r"maria biscuits|sally army|may day|may bank holiday|kim ?wipes|stanley knife|stanley knives|stanley flasks?|stanley tools?|singer sewing|lee jeans|ray[- ]bans?|mason cash|max strength|jimmy choo|pat test(?:s|ing|ed)?|pat[- ]tested|art work|rob roy|"
    r"mini bus|dean and chapter|grant scheme|sue ryder|marie curie|barnardo[’']?s|macmillan|samaritans|jordans|warburtons|kingsmill|hovis|harvey nichols|fortnum (?:and|&) mason|"
    r"sir robert mcalpine|tony[’']?s chocolonely|lea (?:and|&) perrins|bisto|hellmann[’']?s|heinz|colman[’']?s|philip morris|philips|walkers|kellogg[’']?s|nestle|lindt)\b",
    re.IGNORECASE,
)

_PLAIN = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "ı": "i", "ə": "e", "’": "'"})


def folded(word: str) -> str:
    """The word in small letters and without accents: “Łukasz” becomes “lukasz”."""
    low = word.lower().translate(_PLAIN)
    return "".join(letter for letter in unicodedata.normalize("NFKD", low) if not unicodedata.combining(letter))


_BRITAIN = """
aaron abigail adam adrian aidan alan albert alex alexander alexandra alfie alice alison amanda amelia amy andrea andrew andy
angela ann anna anne annie anthony archie arthur barbara barry beatrice becky ben benjamin bernard beth bethany betty bobby brenda
brian bruce callum cameron carl carol caroline carolyn catherine cathy charles charlie cheryl chris christine christopher claire clare
clive colin connor craig damian daniel danny darren dave david dawson deborah debbie declan denise dennis derek diana diane dominic
donald donna doreen dorothy doug douglas duncan dylan eddie edward eileen elaine eleanor elizabeth ella ellen emily emma eric ethan evan
eve evelyn ewan fiona fred freddie gareth gary gavin gemma geoff geoffrey george gerald gill gillian gladys glen glenn gordon graeme
graham greg hannah harold harriet harry hayley hazel helen henry howard hugh ian isaac isabel isabella isla jack jackie jacob jacqueline
jake james jamie jane janet janice jared jason jayne jean jeff jennifer jenny jeremy jerry jessica jess jill jim jimmy joan joanna
joanne joe joel john johnny jon jonathan joseph josh joshua joyce judith judy julia julian julie june's justin karen kate katherine
kathleen kathryn katie kayleigh keith kelly ken kenneth kerry kevin kieran kim kirsty kirsten kyle lauren laura leah leanne lee lena leo
leon leonard lesley leslie lewis liam lillian linda lindsay lisa liz lloyd logan louis louise lucas lucy luke lydia lynn lynne maggie
malcolm mandy marcus margaret maria marian marie marilyn marion marjorie martha martin martyn mary matt matthew maureen mavis maxine
megan melanie melissa michael michelle mick mike mildred millie mo molly monica moira morgan muriel nadine nancy naomi natalie natasha
nathan neil nell nicholas nick nicky nicola nicole nigel noah noel nora norma norman oliver olivia oscar owen paddy pam pamela patricia
patrick patsy paul paula pauline peggy percy pete peter phil philip phillip phoebe phyllis rachel ralph raymond rebecca reg reggie rhys
richard rick rita robbie robert roberta robin rodney roger ron ronald ronnie rosemarie rosie ross rowan roy rupert russell ruth ryan
sally sam samantha samuel sandra sara sarah scott sean sebastian shane sharon shaun sheila shirley sian sid simon sonia sophie stacey
stacy stan stanley stella stephanie stephen steve steven stewart stuart susan susie suzanne sylvia tara ted terence teresa terry thelma
theresa thomas tim timothy tina toby tom tommy tony tracey tracy trevor trish ursula valerie vanessa vera vernon veronica vicki vicky
vincent vivien vivienne walter wayne wendy wilfred william winifred yvonne zach zachary zara zoe jodie jody jodi courtney bradley brad kelsey lyndsey lindsey shannon siobhan niamh aoife sinead ciara roisin orla padraig declan eoin cian
conor finn oisin seamus patrice jasmin jade's kirstie rhiannon carys bronwyn gwen gwyneth dafydd gethin ieuan huw alun emrys iain hamish angus fergus morag catriona mairi ailsa
gaz baz daz shaz kev trev nev bri jase shell steph nat nath lou tash caz charl gav gaynor cheryl marlene noreen beryl doris edna ethel gertrude hilda ivor mabel maud nellie
reuben rosalind roz sadie selina shelley sheryl sinclair tabitha tamsin tania tanya thea tessa tess toni una wilf
"""
_POLAND_AND_BALTICS = """
adrianna agata agnieszka albin aleksander aleksandra alicja anatol andrzej aneta anita antoni arkadiusz artur barbora bartek bartlomiej
bartosz beata blazej bogdan boguslaw bozena cezary czeslaw damian danuta dariusz darek dawid dominik dominika dorota edyta eliza elzbieta
emilia ewa ewelina eugeniusz feliks filip franciszek gabriela grazyna grzegorz halina hanna henryk hubert iga ignacy ilona irena ireneusz
iwona iza izabela jacek jadwiga jakub janina janusz jaroslaw jarek jerzy joasia jolanta jozef julita justyna kacper kajetan kamil kamila
karol karolina kasia katarzyna kazimierz kinga klaudia konrad krystian krystyna krzysiek krzysztof kuba lech lidia lucja lukasz maciej
maciek magda magdalena malgorzata gosia marcin marek mariusz marzena mateusz miroslaw mirek mikolaj milena milosz monika natalia norbert
oliwia olga patrycja patryk paulina pawel piotr piotrek przemek przemyslaw radek radoslaw rafal renata robertas roksana roman ryszard
sebastianas slawek slawomir stanislaw stasiek sylwester sylwia wiola wioleta ewelinka gosia zosia jasiek jacus krysia basia asia's hania ania tosia stasia stas mietek czesiek zenek edek heniek rysiek leszek mariola bernadeta jagoda lilianna szymon tadeusz teresa tomasz tomek urszula wanda weronika wieslaw wieslawa
wiktor wiktoria wioletta witold wladyslaw wojciech wojtek zbigniew zbyszek zdzislaw zenon zofia zuzanna zygmunt
aiste algirdas andrius antanas arturas arturs asta ausra darius deividas diana dovile edgaras egle emilija gediminas giedre ginta gintaras
giedrius indre inga ingrida jolita jonas jurgita jurgis juozas justas kestutis kristina laimonas lina linas loreta mantas marius mindaugas
mantvydas nerijus nijole paulius rasa ramunas rimantas rokas rolandas romas ruta rytis saulius sigita tadas tomas ugne vaida valdas vidas
viktoras vilma virginija vytautas zivile aivars agris aigars andris anrijs artis baiba dace dainis didzis edgars edmunds elina evija
gatis girts guntis gunta ieva ilze inese inta ivars janis juris karlis krisjanis laima laura liga maris martins normunds oskars raimonds
raivis raivo rihards sandis sanita sintija uldis valdis vita zane aleksandrs aivar ants jaan juri kaarel kadri kersti kristjan liis maarja
margus mart merle peeter priit raivo rein siim sirje tarmo tiiu tiina toomas triin urmas
"""
_ROMANIA_BULGARIA_AND_HUNGARY = """
adela adelina alexandru alin alina ana anca andreea andrei angelica anisoara aurel aurelia bianca bogdana catalin catalina cezar ciprian
claudiu codrin constantin constanta corina cornel cornelia cosmin costel costin costica cristi cristian cristiana cristina dan daniela
danut denisa denis doina dorin dorina doru dragos dumitra dumitru ecaterina eduard elena elisabeta emanuel emil eugen eugenia felicia
flavius florea florentina florian florica florin gabi gabriel gelu georgeta georgiana gheorghe ghita gica gigel gogu grigore horatiu horia
iancu ileana ilie ilinca ioan ioana ionel ionela ionut irina iulia iulian iuliana iosif lavinia laurentiu lenuta leontin liliana liviu
loredana luca lucian luciana ludmila luminita madalina manuela marcel mariana marian maricica marin marinela marinica mihaela mihai mihail
mihaita mircea mirela mirel mitica monica mugurel nadia neculai nelu nicolae nicoleta nicu octavian oana oliviu ovidiu ortansa paraschiva
petre petrica petronela petru petruta radu raluca ramona razvan remus robertino rodica romeo roxana ruxandra sabin sandu sebastiana serban
sergiu silviu simona sorin sorina stefan stefania stelian steluta teodor teodora tiberiu titus toader traian tudor valentin valeriu vali
vasile vasilica veta victor viorel viorica virgil vlad vladut zamfir
aleksandar angel anelia anton asen atanas bilyana bistra blagoy bojidar borislav boyan boyko chavdar daniel desislava desi dimitar dimitrina
dimo dobri donka elitsa emiliya evgeni galina galin georgi gergana ginka grigor hristina hristo iskra iliya ilko iva ivaylo ivan ivana
ivanka ivelina ivo kalin kalina kamen katya kiril krasimir krasimira kremena kristiyan lachezar lyuben lyubomir lyudmila margarita mariya
martin milena milen miroslav mitko mladen momchil nadezhda nedko nedelcho nevena nikolay nikola nikolai ognyan pavlina penka petar petko
petya plamen radka radoslav radostina rosen rositsa rumen rumyana sashka sashko silvia slavcho slavi snezhana stanimir stanislav stefka
stoyan stoyanka svetla svetlana svetoslav tanya temenuzhka teodor todor todorka toni tsanko tsvetan tsvetelina valentina vanya vasil
vasilka velichko velislav veselin veselina viktor violeta yana yanko yavor yordan yordanka zdravko zhivko zlatka
agnes attila balazs balint bela csaba csilla dora endre erika erzsebet eszter ferenc gabor gergo gergely gyorgy gyula ibolya ildiko imre
istvan janos jozsef judit kalman katalin kinga klara krisztian krisztina laszlo lajos levente marton margit matyas mihaly miklos nandor
nora orsolya otto pal peti piroska reka rozalia sandor szabolcs szilard szilvia tamas tibor timea tunde vilmos zita zoltan zsofia zsolt
zsuzsanna zsuzsa
"""
_ALBANIA_UKRAINE_AND_EAST = """
adem afrim agim agron albana albert altin alban altina anila arben arber ardian ardit arjan armend arta artan astrit avni bardhyl bashkim
besa besart besim besnik blerim blerina blerta bledar bujar burim dashnor denada donika klodi klodjan shkelzen xhoana ledion sidorela kleart ardita drita dritan driton edmond edona elira elton eltjana
enkelejda erblin erion ermal ermir eriona fatbardha fatjon fatlum fatmir fatos flamur flutura florjan gazmend genc gentian gezim gjergj
gjon hasan hysni idriz ilir ilirjana indrit jetmir kastriot klodian kreshnik kujtim leonora liridon liridona lirim luan lulzim mentor
mirjeta mirlinda naim nexhmije nora olsi orges orjan osman petrit qamil qendrim ramiz renis rexhep rinor saimir sali selim shkelqim
shpend shpetim shqipe skender sokol spartak taulant teuta valbona valdrin valon vjosa vjollca xhevdet xhevahir ylli zamir zef
aleksei aleksey alexei alexey alyona anastasia anastasiia anatoliy anatoly andrii andriy anzhela arkadiy artem bohdan bohdana borys danylo
daryna dasha denys dmitri dmitry dmytro fedir fedor hanna halyna hennadiy hryhoriy igor ihor inna iryna ivanna kateryna katya khrystyna
kostya kostyantyn ksenia larysa leonid lesia lesya liubov liudmyla lyuba lyubov lyudmyla maksym maxim marharyta maryna mykhailo mykola
myroslav nadiia nastya natalka nataliia nazar nina oksana oleg oleh oleksandr oleksandra oleksii oleksiy olena olesia olya orest ostap
pavlo pavel petro polina roksolana roman ruslan ruslana sasha semen serhii serhiy sergei sergey sergej slava sofia solomiya stanislav
stepan svitlana taras tanya tatiana tatyana tetiana tetyana uliana vadim vadym valentyna valeriy vasyl viktoriia viktoriya vitalii vitaliy
vitaly vlad vladimir vladislav volodymyr vyacheslav yana yaroslav yaroslava yelena yevhen yevgeny yulia yuliia yulian yura yurii yuriy yuri
zhanna zina
abdulla abror akmal akbar alisher anvar azamat azim azizbek bakhtiyor bakyt bekzod bobur dilshod dilnoza dilfuza davron doniyor eldar elyor
farkhod farrukh feruz gulnara gulnoza islom jahongir jamshid jasur kamol khurshid kubanychbek laziz lola malika mirlan muhammadali murod
nargiza nigora nodir nodira nurbek nurlan nursultan odil oybek otabek ozod rasul ravshan nurbolot aigerim cholpon nursulu altynai begimai elnura gulmira nurgul perizat rakhat sanjar samara rustam sanjar sardor saule shakhzod sherzod shavkat
shokhrukh sukhrob talant temir timur tolkunbek ulan ulugbek umid urmat xurshid yerlan zafar zamira zarina zulfiya aibek aigul aida
ainura aizada almaz almazbek asel askar azat beka bermet daniyar elmira ermek gulzat jyldyz kanat kuban maksat meerim nazgul samat syimyk
tilek zhyldyz faridun firuz khusrav mehri manizha parviz rustami shahlo sitora giorgi irakli levan nino tamar tornike vakhtang zurab
"""
_ASIA = """
aakash aarti abhishek ajay ajit akash akhil akshay amar amarjit amit amitabh amol amrit amrita anand anil anita anjali anju ankit ankita
anup anuj arjun arun arvind asha ashok ashwin baldev balwinder baljit balbir balvir bharat bhavesh bhavna bhupinder bijay bimal bipin bishnu
chandra charanjit chetan daljit deepa deepak deepika dev devendra dhanraj dharmesh dilip dinesh dipak divya gagan gagandeep ganesh gaurav
geeta girish gopal govind gurdeep gurdip gurbax jagdeep jagroop sukhdeep sukhwinder sukhjit ramandeep amandeep hardev karamjit gurjit gurmeet gurpreet gurvinder gurung hardeep hari harjit harjinder harish harpreet harsh harvinder
hemant hitesh indira inderjit ishwar jagdish jagjit jaspreet jasvinder jaswinder jasbir jatin jayesh jignesh jitendra jyoti kailash kamal
kamaljit kanta karan kartik kavita kavya keshav ketan khem kiran kishor komal krishna kuldeep kulwinder kulvinder lakshmi lalit lata laxmi
madan madhav mahendra mahesh mamta mandeep manish manisha manjit manjeet manoj manpreet maya meena meera mehul milan minal mohan mohinder
mukesh nabin nandini narendra naresh navdeep navjot neelam neeraj neha nikhil nilesh nimesh nirmal nisha nitin om padma pankaj paramjit
parminder pawan pooja prabin pradeep pradip prakash pramod pranav prasad prashant pratik praveen preeti prem priti priya puja pushpa rachna
radha rahul raj raja rajan rajendra rajesh rajinder rajiv rajkumar raju rakesh ram raman ramesh ranjit rashmi ravi ravinder reena rekha renu
ritu rohan rohit roshan rupinder sachin sagar sandeep sandip sangita sanjay sanjeev sanjiv santosh sapna sarita satinder satish satnam savita
seema shanti sharmila shilpa shiva shobha shreya shyam simran sita sneha sonam sonu sudha sudhir suman sumit sunil sunita suraj surendra
suresh surinder sushil swati tanuja tara tejas tilak uday uma umesh usha vandana varun vasant vijay vikas vikram vimal vinay vinod vipin
vipul virender vishal vishnu vivek yash yogesh
aamir abbas abdul abdullah abdulrahman abid abu adeel adil adnan afzal ahmad ahmed ahmet aisha akhtar akram aliya amina amir amjad anas anwar
arif arshad asad ashraf asif aslam asma ayesha ayman azhar aziz babar basim bilal bushra ebrahim ehsan emad emre erdal esra faisal faiza
farah farhad farhan farid farida farooq fatima fatma fawad fayaz fazal firoz ghulam gulsen habib habiba hadi hafiz hakan hakim hameed hamid
hamza haris haroon hasan hashim hassan hatice hawre hemin hiwa hoshyar huma humera husain hussain hussein huseyin ibrahim idris iftikhar
ihsan ikram imad imran imtiaz inayat iqbal irfan ishaq ismail jafar jaleel jalal jamal jamil jamila jawad javed javid junaid kaleem kamran
karim karwan kashif kemal khadija khaled khalid khalil khawar khurram kosar kwame layla leila liaqat maham mahmood mahmoud mahmut majid
malik mansoor mariam maryam masood maqsood mehmet mehmood mehwish mohamed mohammad mohammed mohamud mubarak muhammad mujahid mumtaz munir
murat musa mushtaq mustafa muzaffar nabeel nabil nadeem nadim naeem naheed nasir nasreen naveed nawaz nazia nazir noman noor numan nuri omar
omer osama othman parveen parwez qadir qasim rabia rafiq rahim rahman raheel rana rashid rashida rauf raza rebaz rebin rebwar rehan rehman
riaz rizwan robina rubina ruhul rukhsana saad saba sabir sadia saeed safdar safia said sajid sajjad saleem salim salma samad sameer samir
samina sana sarfraz sarwar selim serkan shabana shabbir shabir shafiq shahid shahnaz shahzad shakeel shamim shamsul shaukat shazia sherko
shirwan shoaib sohail suleiman sultan sumaira syed tahir tahira talha tanveer tariq tayyab tufail uddin umar umer usman wahid wajid waqar
waqas waseem wasim yahya yasin yasir yasmin yasmeen younis yousef yousuf yunus yusuf zafar zahid zahida zahra zaid zainab zakir zaman
zeeshan zia zubair zulfiqar
anh bao binh chau chinh cuong dao dinh duc duong duy giang hai hanh hien hieu hoa hoang hong huan huong huy huyen khanh khoa kien lien linh
loan loc long's luong mai minh my's nga ngan ngoc nguyen nguyet nhan nhung oanh phong phuc phuong quang quan quoc quyen quynh son's tam thang
thanh thao thi thien thinh thom thu thuan thuy thuong tien tin's toan trang tri trinh trung truong tuan tuyen tuyet uyen viet vinh xuan yen's
wei xiao xiaoming jing yan ming jun hui ling mei qiang yong ying zhen zhang feng fang hao haoran jia jianhua jie jinping lihua liang lijuan
meiling ping's qing rong rui shan shu tao ting wenjie wen xiaoli xin xiuying yifan yu yuan yue yun zhi zhiwei zhong
maricel marites jomar jayson rommel rodel arnel analyn marivic rowena rosalie rosario jocelyn jennylyn cherry's princess's reynaldo rolando
romulo rodrigo rogelio renato ronaldo danilo edgardo eduardo efren ernesto felipe fernando ferdinand gerardo gilberto jhun
dewi agus budi siti slamet wahyu yanto bambang ketut made's nyoman putu wayan eko joko sri ayu hendra iwan rudi
amila chamara chaminda dilan dilshan dinuka gayan kasun lahiru nimal nuwan pradeepa ruwan sampath sanath sunethra thilina tharindu
"""
_AFRICA_AND_ROMANCE = """
abeba abebe abena abiodun abiola abraham adebayo adaeze adama adamu ade adeola adewale adjoa afua akosua ama amadou amara aminata ayodele
awa babatunde bamidele bintou bisi bola bukola chiamaka chibuzo chidi chidinma chika chike chima chinedu chinonso chinwe chioma chipo chukwuemeka
chukwudi comfort's dayo ebele ebo ebuka efua ejike ekow emeka emmanuel eniola esi esther fadekemi farai fatou femi folake folasade
funke funmi gebre haile hagos ibukun idowu ifeanyi ifeoma ifeoluwa ike ikenna iyabo jide kayode kelechi kemi kenneth kidane kofi
kojo kudzai kunle kwabena kwadwo kwaku kwasi kwesi lamin lekan makena mamadou mariama mbali modou moses moussa mulugeta muyiwa ndidi ngozi nia
nkechi nkem nana nomsa ntombi nnamdi nneka nonso obi obinna ogechi okechukwu olamide olu oluchi olumide olusegun oluwaseun omolara
onyeka ousmane rufaro rutendo samson segun selam sekou seun sibusiso simba sipho solomon sunday's tafadzwa taiwo takudzwa tapiwa tariro
tatenda tawanda temitope tendai tesfaye thabo themba tinashe titilayo toyin tsegaye tunde tunji uche uchenna wanjiru wangari yaa yaw yemi yewande
yohannes zainabu zandile zanele
adao adriana afonso alberto alejandro alessandro alessia alfonso alfredo alvaro amalia antonella antonio armando arnaldo augusto beatriz bruno
caio camila carla carlos carmen catarina cecilia celso chiara claudia claudio clara cristiano daniele davide debora diego diogo domingos
duarte edson eduarda emanuele enrico enrique esteban fabio fabiana fabricio federico fabrizio fernanda filipa filipe flavia flavio francesca
francesco francisca francisco frederico gabriele gilson giovanna giovanni giuseppe giulia gonzalo guilherme gustavo helder helena heitor hugo
ines isabela joana joao joaquim joaquin jorge jose mireille lourdes teresita josefina dolores's consuelo guadalupe concepcion graciela alejandra valentina nadine juan juana julio larissa leandro leticia lorenzo luana lucia luciano luigi luis luisa luiz
manuel marcelo marco marcos mariela marina mario marta massimo mateo mateus matias mauricio mauro michele miguel nelson nuno orlando osvaldo
pablo paolo paulo pedro pilar pietro rafael rafaela raimundo ramon raul renan ricardo roberto rodrigo rogerio ronaldo rosa ruben rui salvador
salvatore samir sergio silvana simone sofia soraya stefano susana telma teodoro thiago tiago valeria vasco vinicius vitor wellington xavier yolanda
zeferino
aphrodite dimitra dimitris eleni giorgos ioannis kostas konstantinos nikos panagiotis spiros stavros vasilis yannis theodoros
birgit dieter franz fritz gunther hans heike heinz helga helmut ingrid jens johann jurgen karin klaus lars manfred olaf petra rainer reinhard
stefan ulrich uwe werner wolfgang antoine benoit camille chantal didier dominique etienne francois guillaume herve jacques jerome laurent
luc marcel mathieu nicolas olivier philippe pierre sylvain thierry xavier yves
bojan branko danijel darko davor dejan dragan dragana drazen dusan goran gordana igor ivica jelena josip jovan jovana marija marko milan
milica milos mirjana mirko nebojsa nemanja nenad nikolina predrag ranko sanja sasa sinisa slavko slobodan snezana srdjan stevan tihana
tomislav vesna vladan vojislav zeljko zoran zvonko
barbora dagmar denisa eva frantisek hana ivana jan jana jaromir jaroslava jindrich jiri jitka jozefina kamil katerina lenka libor lubomir
ludek lukas marketa martina michal milada miloslav miroslava ondrej pavla petr petra radim radka rostislav stanislava stepanka tereza vaclav
vendula veronika vit vladimira vojtech zdenek zdenka zuzana erzika jolana marian matus peter rastislav vladimira
"""

_MORE = """
delia delilah desmond desiree dexter dion dougie drew edith effie elsie enid ernest errol faye felicity fern fergal freya gaby gail gaynor georgie gerard gina ginny glenda glynis gloria gus
hattie heidi helene hetty hilary horace imelda imogen ingrid ira isobel ivan ivor jacinta jacqui jarvis jeanette jeannie jemima jenna jennie jethro jocelyn jolene jonny joss juliet
karl karla kayla keira kendra kenny kenzie kerrie kieron kirk kris krista kristen kristian lance lara latoya leila leonie leroy lesly lewie libby linford linton lorna lorraine lottie lou loretta luther
mabel madeleine madge marcia margery marianne marisa marlon marvin melvin mervyn michaela minnie mitch mitchell mohammad morris myra myrtle nadine naomi nerys nita noreen odette oona orson
otis petula philippa phyllida pippa queenie quentin rachael ramsay randall raquel rhoda rhona ricky rochelle roderick rona rosanna rosemarie roxanne rufus rupert sacha sabrina saffron samson saskia saul
shanice shanelle sherry silas sonya spencer stephan stevie suki sybil tamara tamsin tasha teddy tessa theo thora tiffany toni travis tristan trixie trudy tyrone ulysses velma verity vicky violeta
virginia vivian wallace wes whitney wilma winnie yasmine yvette zack zena
adelaida alicja amelka antonina apolonia aurelia blanka bozenka bronislaw bronislawa celina cyprian daniela dobrochna dorotka eligiusz emanuel ernest eryk felicja fabian ferdynand genowefa gerard
gracjan grzesiek hubert iwo jarek jarema jola jolka kaja kasper krzysztofa kaska leokadia leonard lila ludwik lukaszek maja marcelina marcinek marianna marta marysia matylda mietek milosz
natan nikodem nina oktawia olek olaf oliwier otylia paulinka pola przemo remigiusz robert romuald rozalia seweryn stefania szczepan tymon tymoteusz waclaw waldemar waldek walenty wacek
wienczyslaw wincenty witek zaneta zdzisiek ziemowit zuzia zosia
alvydas aldona algis audrius aurimas birute bronius danute darjus dalia eimantas ernestas ervinas gabija gabrielius gytis ignas irmantas jadvyga jekaterina julija justinas karolis laimutis
liudas lukas martynas mykolas modestas monika nojus ona ovidijus povilas raimondas regina remigijus renatas ricardas sandra silvija simas simonas skaiste tautvydas urte valentinas valerija vytas zigmas zilvinas
andrejs anete arnis arvids dainars dzintars egita einars elvis guna harijs ilona imants inara ingus ivo janina juliana kaspars kristaps laila liene mara maija mareks modris nauris olegs
peteris renars ritvars rolands sanda santa sarmite sergejs silvija solvita toms valters viesturs vija viktorija zanda zigurds
adi alexe alexia amalia anisia antonia aura axinte beniamin bebe calin camelia carmen cecilia celia ciprian codruta cosmina costache cristea crenguta damaris dana danila denis
dochia draga dragomir emilian ernest estera eusebiu fanel fane filip floarea florela gavril genoveva george georgian gelu gica ghena hanganu ieremia ilarion ilona ionica ionut iustin
jean jenica lacramioara laura lavinius leana leonard lia lica licuta livia lorena loredan lucretia luiza magdalena malina mara marga marilena marinela marioara marusia matei maxim mihnea
minodora mirabela miron mirona nae narcis narcisa nastase natalia nelu neculai nicusor nicoletta niculina nistor oprea oana otilia otniel pamfil panait patricia paula pavel pompiliu
robert romica romulus ruxandra safta samuel samuil saveta sebi severin silvia silviu sonia stan stelu suzana tanase tatiana tica toma tinca toni tudorel vali vasilica vasi veronica vicentiu
virginia vladimir voicu zaharia zoe
albena aleko alen aneta antoaneta antonia apostol bisser bogomil boriana borimir borko boyana bozhidar danail daniela denitsa dessislava diana diyan dobrin dora elena emil encho
evelina fidan filip gancho genadi genoveva gergin hasan ilian iliana ilian ilina ivet ivo jivko joro kiro kosta kostadin krasi krastyo kristina krum lidia lili lilyana lora ludmil
magdalena malin marin mariyana marusya metodi mihaela minka mira mitio monika natalia naum neli nelly nikolina ognian orlin ivailo pepa plamena presiana radi radka radko raina ralitsa
rangel rayna reni roza rossen rumiana sava sevda sevdalin sibila silvena simeon siyana slavena sofiya spas spaska stamen stanka stefan stela stiliyan stilyan tatyana tihomir
tinka todorina tsonko tsveta tsvetana tsvetanka valentin valeri vanio vasko velina velizar ventsislav vera vesela vili violina vladi yoana yuliana zahari zara zheko zlatina zlatko zorka zornitsa
andras annamaria antal arpad aron bence benedek bernadett botond csilla dalma denes dezso edina edit elek emese emoke endre erno etelka flora frigyes gabriella gellert geza gizella
gyongyi hajnalka helga henrietta ilona imola janka jeno jolan julianna kata kati klaudia kornel kristof laci lilla lorand lorant melinda mariann marietta milan mozes nikoletta
noemi norbert olga oszkar pali pista rebeka rezso richard robi roland sara sari soma szidonia tamara tekla teodora terez tibi tivadar vera viktoria vince virag zalan zoli zsanett zsuzsi
agim aida albi albina aldo alket alma altin amarildo anduela anisa antoneta ardi arianit arjeta arlind artan arsim asllan aurora avdi azem bajram bardhok bashkim bekim belina beqir besi bledi
blert brikena bujar dafina daut denis diellza drilon durim dylber edi egzon ekrem elda elona elvis emiljan endrit enver eralda ergys erjon ervin fadil fatlind fatlume ferdinand feride fitim
fitore flori florian florinda fran frrok gani gerti gëzim gjergji gjin gresa hajdar halil haki hamdi hekuran hysen ibadete ilirian irena isa isuf jeton jonida jora kadri klea klejdi klevis kole kreshnik
krist kujtim labinot lavdim leart ledian leke lekë leutrim linda lirie lorik luan lule majlinda marash mark marsel merita migena mimoza mirsad myrvete nazmi ndrek nik nuredin ndue nuri
ornela osman pashk pellumb perparim pjeter prek premtim qemal rakip rama redon remzi rezart rinor rezarta rigers rozafa rudina sadik sabri sami sander sali senad shaban shefqet shkurte shqiponja shpresa
sidrit silvana sinan skerdi sotir sulejman tahir tom tonin uran urim vasfije vehbi veli veton viola visar vlashent xhemal xhezair xheni ylber ymer zana zenel zeqir
adam albina alla anatolii anton aryna artur bohdan boris daria darya denis diana dima dima dina ekaterina elizaveta evgenia evgeny faina galina gennady georgy gleb grigory iaroslav illia ilya
inessa irena iuliia ivan kira kirill klim kyrylo lada lana lev lilia lilya ludmila lyudmila makar margarita mariia marianna marina mark matvii mikhail miroslava mstyslav mykyta nadia
nadezhda natali nelli nikita nikolai nikolay oleksandr oleksa olha orysia paraskeva platon raisa rodion rostyslav rimma rita roma roman rufina sava savva serafym stanislava stefaniia svyatoslav
tymofii tymur valentin valeria vasilisa vera vira vika violetta vlada vladislava volodia vova yakiv yan yaryna yegor yevdokia yevheniia yosyp zakhar zinaida zlata zoriana zoya
abdukhakim abdulaziz abdurakhmon abduvali adilet ainagul ainur aizhan akbota aliya alibek almagul altynbek aman anara arman askhat ayana aydar azis bahodir bahrom bahtiyor baktygul barno
behruz beksultan bolot botir chynara damir dastan dilafruz dildora dinara donier elbek erkin ernis fotima gulbahor gulchehra gulnura gulsara gulshan habibullo hojiakbar ilhom iroda isfandiyor islam
izatullo jakhongir jamoliddin jyrgal kairat kamila kamoliddin khurshed kubat laylo lutfullo mahliyo makhmud mansur maruf marat medet mohira mukhtar muhayyo munira murodjon mustafo nasiba nasriddin
nazira nazokat nigina nilufar nodirbek nurali nurgiza nurjan nurlanbek nurzat oygul oynisa parvina pulat qodir rahmon rano rauf rustamjon ruslan sabina saidakhmat samandar saida sanobar
sarvar shahnoza shavkatbek shirin shohruh shokhrukh sirojiddin suhrob tohir toktogul tolgonay turdubek tursunbek ulan umar umida usmon venera yulduz yusup zafarjon zebo zhanar zhibek zilola ziyoda zokir zuhra
aanya aarav aashish ambika amulya ananda aniket anirban anjana ankur annapurna anupam apeksha aparna arati archana arpan aruna ashwini babita babu bahadur baburam balaram bali bharati bhim bhola bhuwan
bikash bikram bimala binod binita birendra bishal buddhi chandani chandrika chhaya chitra dawa deepika deepesh devika dhan dhruv dhurba diwakar dolma durga gaurav gita goma gopi gyanendra
hira hom indu ishan janaki janardan jas jaya jitu kabita kajal kalpana kalyan kamala kapil kausalya khadga kisan kul kumari kushal lal laxman lila lokendra lok maiya man manju manoj maya megha
menaka mina mingma mohini muna nabin naina narayan narayani niraj niranjan nirmala nisha om padam pasang pemba phurba prabha prabhat pramila prakriti prasanna prithvi purna puran radhika rajani
rajan rajesh rajkumari ramila ranjana rejina resham reshma richa roji rojina roshani rubina rupa rupak sabita sabina sadhana sajan salina samjhana samir sandhya sangita sanjana sanjit santa sarala
sarmila shambhu shankar sharada shanta shyamal sirjana sital sitaram sobha srijana subash subina suchitra sujan sujata sujit sukra sumitra sunder suntali surya sushila sushma tek thakur tika tulasi tulsi
uddhav ujjwal urmila usha yadav yam yamuna yubaraj parm parmjit raju bhai jassi jaz jaspal kulbir lakhbir lakhwinder mohinder narinder nirmaljit palwinder raghbir rajbir rajwinder rimpy satpal simarjit tarsem
tejinder varinder amardeep arshdeep avtar baljinder bhagwan darshan dilbag gian gurcharan gurdev gurmukh gurnam gursharan jagtar jarnail joginder kashmir kewal malkit nachhatar pritam resham sarabjit
surjit swaran ujagar
aadil abida adeeba afia afsana afshan ajmal akeel alamgir aleena almas ambreen ameer aneela anis anisa aqeel aqsa areeba arsalan asiya atif atiya ayaan ayan azam azra babul badshah bashir batool
benazir burhan dawood dilawar ejaz erum fahad fahim faheem faizan fareed farhana farhat farzana fazlul ferdous fida furqan ghazala gul gulzar habibur hafsa haider hamida hanif hasina hina humaira
hussam huzaifa ilyas inam irfana irshad ishrat jabir jahangir jahanara jannat jasim kabir kainat kalam kalsoom kaniz kareem khurshid laila liton lubna luqman maha mahbub mahfuz maimuna mamun manzoor maqbool
masuma mehdi mehnaz mina miraj mizanur moin momina monir monira mosharraf mubeen muneeb muqaddas musarrat nabila nafisa naila najma namra nargis naseem nasima nayeem nazma nighat nilufa nizam nusrat
obaid parvin qaiser qamar rabeya rafiqul raihan rashed razia rehana rifat rokeya rubel rukhsar ruksana sabiha sabina sabrina sadaf sadiq saiful sakina salahuddin salma sanaullah saqib shabnam shafiqul
shahana shahida shahin shahnawaz shakil shamima shanaz sharif sharmin shawkat shehnaz sheraz shireen shirin shukur siddique sikandar sobia sumaya sumon surayya tahmina taimur tanvir tasleem taslima tasnim tauqeer
tauseef tayyaba ubaid umair urooj usama wasif yaqub yasmina younus zaheer zakia zarina zeenat zohra zulekha zulfikar
ayse aylin aysun bayram berkan burak cem cemal cengiz cetin deniz derya dilek dogan ebru ekrem elif emine engin ercan erkan ersin fadime ferhat fikret filiz furkan gokhan gulay gulten halil hacer haluk hamdi
hanife hikmet hulya ilker ilknur ismet kaan kadir kenan leyla levent mert metin mevlut meryem mesut mine mutlu nazan necati nevzat nihat nuray onur orhan osman ozan ozgur ozlem pinar ramazan recep rukiye sabri
sadik sakine salih savas sedat selcuk selma semra serdar serpil sevgi sevim sibel sinem suat suleyman tarkan tayfun tolga tugba tuncay turgut ufuk ugur umit volkan yakup yalcin yavuz yeliz yilmaz zehra zeki zeynep
abdi abdirahman abdullahi abdinasir abdikadir abukar adan amal anab asha ayaan ayanna bile deeqa dahir farah faduma fadumo farhiya filsan fowzia guled hani hawa hibo hodan hodo idil ifrah ikran ilhan jama khadra
liban mohamud muna mursal nasteho nimco osman raxma ruqiya sagal saido samatar samira shukri sucaad warsame yasin yusra zahra abraha adhanet afework almaz amanuel asmeret aster awet bereket berhane biniam
dawit eden ermias eyob feven filmon freweini ghirmay helen hermela hiwet kibrom kidist kflom lemlem liya luwam medhanie mehari merhawi meron merhawit mihret mikael mulu nahom natnael negassi rahel robel ruta
samrawit semere senait simret solomon tekle temesgen tesfay teklay tewelde tigist tsehay winta yonas yohana yordanos yosief zebib zeresenay
aboubacar adiatou alassane alhaji alimatou assane astou bakary boubacar cheikh cheick cherno coumba demba dembele fanta fatoumata fode ibou ibrahima isatou issa kadiatou kadija kante lamine mamadi mansour mariatou
mbaye modibo momodou ndeye ousman oumar oumou ousmane saidou salif sanou sekou seydou souleymane tidiane yacouba yaya youssouf zeinab adaobi adanna adeniyi aderonke adetola afolabi akin akinola akintunde amaka amarachi
anuli arinze ayo ayodeji ayomide azubuike bayo biodun bolaji bolanle bosede bukky chidiebere chidozie chinaza chinelo chinenye chizoba chukwudi chukwuka chukwuma damilola dapo dele dupe efe ejiro ekene ekaette emem enitan
eseoghene esosa ese esohe ezinne fela femi fiyin folarin gbemi gbenga ginika godswill ibironke ifeanyichukwu ifunanya ikechukwu iniobong iretiola jumoke kanayo kehinde kosi lola mfon modupe morayo morenike
ngozika nkiru nkiruka nneoma nwanneka nwosu obiageli obioma odunayo ogochukwu ojo okey okoro oladele olaitan olakunle olamilekan olanrewaju olatunji olayinka oluwafemi oluwatobi oluwatosin omotola omowunmi onome
onyinye opeyemi oreoluwa osagie osaze oyin rotimi rukayat seyi simisola sola somto tayo temi temilade tiwa tobi tobechukwu tola tomiwa tope tosin tobiloba tuoyo ugo ugochi ugonna uju uzoma wale yetunde yinka zikora
abla adjei adwoa afriyie agyeman akwasi akwesi ama ato baaba ebo efya esi fiifi kobina kobby kojo kwabs kweku maame nana nhyira obaa osei papa yaaba yaw yaayaa chenai chiedza chipo farai fungai gamu
garikai itai kuda kudakwashe kundai masimba memory's mufaro munashe munyaradzi nomatter nyasha panashe paida rudo ruvimbo shingai shupikai simbarashe tadiwa takunda tanaka tapfumaneyi tatenda tonderai tsitsi vimbai
wadzanai zvikomborero bongani busisiwe lerato lindiwe lungile mpho naledi ndumiso nokuthula nomvula nosipho nqobile palesa sandile sifiso siphiwe thabiso thandeka thandiwe themba thulani tshepo vusi zodwa zanele zola
amina asha baraka juma kamau kiprop kipchoge mwangi mwende neema njeri njoroge nyambura onyango otieno wambui wairimu waweru zuri akello atim okello opio nakato namubiru nantongo ssemakula wasswa
abril agostinho albertina alcides almeida amaro americo amilcar anabela angelina aparecida aurora barbara belmiro benedita bento bernardo branca brito candida candido carolina cassia celeste
claudete conceicao cristovao dalila damiao denilson dinis dirce domenico donato dulce edilson edite edmilson edmundo elisio eloisa elvira emilio ernesto estevao eugenio eusebio ezequiel fatima felisberto fernandinho firmino
flavia gaspar geraldo germano gisela graca gracinda guida guiomar herminia hilario horacio iara idalina ilda ines iolanda irineu isaias isaura ivete ivone jacinto jaime janaina jeronimo josue jucelino judite juliana
juraci kleber laurinda leonel leonidas lidia lourenco lucas lucilia lurdes madalena marcia margarida marisa mariza matilde mendes micaela moises natividade nazare neuza odete olga olivio olimpia ondina osvaldina otavio
palmira patricia pascoal patricio quim quiteria rafaela raimunda regina renato rita rodolfo romeu rosangela rosario rosilda rosinha sandro sebastiao severino silvio solange sonia tania tatiana teresinha telmo
tome valdemar valdir vanda vanessa vania vera vilma wagner walter wanderley washington zeca zelia zulmira
adelino aitor alonso anxo araceli ascension asier begona belen benito berta blanca candela candelaria cayetano cesar cipriano clemente concha cristobal dario dolores domingo efrain eladio eliseo eloy elvira
emiliano encarna enriqueta epifanio esperanza eugenio eusebio fausto federica fermin fidel florencio gabino genaro gines graciela gregorio griselda guillermo hector herminio hilda humberto ignacio iker imelda inmaculada
inigo isidro jacobo jacinto jesus jimena joel jordi josefa josefina juanita julian leocadio leopoldo lidia lola lourdes lupe macarena magdalena maite manolo manuela marisol maricela maribel mercedes milagros mireya modesto
nacho natividad nieves noelia norberto octavio ofelia olegario paco paloma paquita pascual paz pepe ramiro raquel regino remedios reyes ricardo rocio rogelio rosalia rosario rufino santiago saturnino serafin soledad teodora
teofilo toribio trinidad valentino vicenta vicente victoriano wilfredo yadira yesenia yolanda zacarias benedetta
alda aldo ambra annalisa antonella arianna assunta attilio benedetto bianca bruna carmela carmelo caterina cesare cinzia cosimo costanza damiano daniela donatella edoardo elio elisabetta elisa emanuela emiliano ettore
eugenia fabiola fausto filippo fiorella flaminia franca fulvia gaetano gennaro gerardo giacomo giada gianluca gianni giorgia giorgio giovanni giuliana giuliano graziella guido ilaria irene ivana ivano jacopo leonardo
letizia loredana lorella luciana ludovica maddalena mara marcella mariangela massimiliano matteo mattia maurizio michela mirko monica nicoletta nicolo nunzia orazio ornella ottavio paola patrizia pierluigi pina raffaele
raffaella rocco romano rosanna rosaria salvatore samuele santo sara saverio serena silvano silvia simona stefania susanna tiziana tommaso ugo umberto valentina vincenzo vito viviana
alvaro batsheva biljana blagoje bosko bosnjak branka branislav bratislav cedomir darinka dalibor darija dobrila dragica dragoljub draga dubravka dunja dusko edin elvedin emina enes fikret gojko hrvoje ilija
irfan ivica jadranka jasmina jasna jasenko josipa katica kresimir lazar ljiljana ljubica ljubomir lucija maja manda marica marjan marijana mate milanka mile milena milenko milovan milutin mira mirela miroslav mladena
momir nada natasa nedeljko nermin nevenka nikica nusreta ognjen pavle perica petar radenko radmila radovan ranka ratko renato ruzica sabahudin sandra sanela sead senada siniša slavica slavisa sladjana smiljana snjezana
srecko stanka stipe suad svetlana tatjana tihomir tijana todor uros vedran velimir verica vesna vid vidak vinko vlatka zdravka zivko zlata zorica zorka zvonimir
antonin bedrich blanka bohumil bohumila bozena bretislav cenek daniel darina dobromila drahomira dusan edita emilie ervin eva evzen ferdinand hanka havel helena ilja ingrid ivan ivona
jarmila jindra jiřina jirina jolana josef karel karla klement kveta kvetoslava ladislav ladislava leos leona linda lucie ludmila lubica lubos marcela marek marie marika martin matej maxim milan milka milos
mojmir monika nadezda natalie oldrich olga otakar patrik pavlina renata roman romana rudolf ruzena sarka silvie simona slavka slavomir sona stefan svatava sylva tadeas tomas vaclava valerie vera vilem viliam vladka
vlasta vratislav zbynek zdena zina zita zofie
jia jiaqi jiawei jianguo jianwei jianjun guang guangming guoqiang haifeng haiyan hongmei huimin huifen jinhua junjie kai lanying lei lihong lixia liying longwei meihua minghui peng qian qiaolin qin qiu shaohua shuai
shufen siyu tianyu weidong weihua weiming xia xiang xiaodong xiaofeng xiaohong xiaojun xiaoling xiaomei xiaoyan xinyi xiulan xiuzhen yanan yaping yang yawen yimin ying yingying yiming yubin yuhan yulan yumei zhaohui
zhenhua zhihao zhiqiang zhongwei zixuan kwok siu wai kwan ka-ming mei-ling hoi suk yee wing
anh-tuan bich bichngoc cam chien cuc diem diep dieu doan dong duyen gam hau hieu hoai hoan hue kha khai khang khiem khue kieu ky lam lanh le-thi linh luu man manh my-linh nam ngat nghia nghi nghiep ngoan nguyet nhat nhi nhu nhut
oanh phat phu phuoc quan quy sau sinh suong tai tan thai thach thanh-thao that thieu tho thoa thong thuc thuong tinh toan tram trieu truc trung truyen tu tung tuong tuyet vien vuong vy xoan yen y-nhi
akiko chanthy dara kunthea phally piseth rith rithy rattana samnang sokha sokunthea sopheap sophea sothea sovann sreymom vanna veasna vuthy aung khin kyaw thein thiha zaw htet hlaing nilar moe myint
anong apinya apichat chaiwat duangjai kanya kanokwan malee narong nattapong niran nong orapin panida pensri phichai pimchanok ploy porn prasert ratana siriporn somchai somsak sudarat suda suchart supaporn thanawat wanchai
wichai wilai ronalyn rosemarie's cherrylyn joselito lorna lito liezl marlon marites melchor merlyn mylene nestor nenita nimfa noli precy rica rizza roel romeo ronnel rosalinda ruel ryan sheryl teresita virgie wilma
abdulkadir aram azad barzan bakhtiar dara dilan dilshad diyar goran hawkar hiwa hemn karzan kawa kardo kosrat lawand mariwan nawzad nechirvan pshtiwan ranj rawa razhan rekar rizgar sangar sarbast shwan shilan sirwan soran
twana zana zanyar zhyar amanullah aminullah asadullah asifullah baryalai ehsanullah esmat fawad farzad gulalai habibullah hazrat hekmat ismatullah khairullah khan mirwais mohibullah najeeb najibullah naqib nasrullah nematullah
noorullah qais rahmatullah rahimullah ramin rohullah safiullah samiullah sayed shafiqullah shir spozhmai wahidullah wali zabi zabihullah zalmai zmarai behnam behzad arash ardeshir ashkan bahar bahram bijan daryoush
dariush elham farhang farideh farzaneh fereshteh ghazal golnaz hamidreza hossein houshang iraj jalil kambiz kaveh keyvan khosrow kourosh laleh mahdi mahnaz mahsa maryam masoud mehran mehrdad mina mohsen morteza mozhgan
nader nahid nasrin nazanin niloufar omid parisa parvaneh pejman peyman pouya reza roya saeid sahar saman sara sepideh shahin shahram shirin siamak sina siavash sohrab soheil soraya vahid yasaman zohreh
ahlam amer amal ammar asmaa bassam dina fadi ghada ghassan hala hanan hazem heba hisham hoda husam iman inas islam jihad jumana karam khalifa lama latifa lina luay maher mahasin majed majida marwan marwa mazen mohanad
mona muhannad mustapha nabila nadia nahla nawal nidal noura oday omaima qusai rafik raed rami randa rania rasha rawan reem rima ruba saher salah salwa samar samer sawsan shaima shahd sherif suhail taha tamer thaer wael
walaa walid yara yazan zeina ziad achraf abdelaziz abdelkader abdelhak anouar ayoub aziza brahim driss fouad hafida hakima hicham houda ikram ismael kaoutar khadija lahcen latifa malika mehdi mounir mohcine mourad naima
najat nordine otman rachida rachid redouane said's samira siham soufiane taoufik tarik yassine younes youssef zineb zouhair
"""

_MAY_BE_A_WORD = word_set(
    """
    ann art asta awa beka besa bela binh bistra dan dao dev don dora ella eve fang gill glen gordon grant han hong iris jack jean jerry jill
    june kim lata lee leo lena li lina loan loc logan lola long luca mai malik mart marin marina maris mary masood maya mentor mick mike milan
    ming minh mo morgan musa my nell nina noel nora om ostap pal pam pat percy ping prem rana ram raja ray reg rein rita robin roman rosa
    ross rowan roy said sali sam sana sandy saba sonia son sri stan star sultan tam tao taras tara ted temir thi tien tim tin ting tom tri
    trang troy uma ulan val van vera vita viva wen xin yen yu yun zane ion hana harsh wayan ling milan mohan cherry dusan pawan sari
    ama anna ants aida alma art asa chandra comfort dace dashi emir eta genc girts hai hari hugo ike iga iva jun kanat kosar kuban lang liis
    liga linas maksat marian milena nia nino noor ozod parviz petra priit rasa roma rui ruta sagar samad samson shiva shan sofia sokol son sunny
    tadas talant tilak tilek umid viet yong ylli zia zef hassan harry lloyd edward henry victor stella faye lance kirk lou otis ira spencer travis mitchell wallace wes sherry saffron verity virginia kai dong nam lam man tan tai that tho tung son tu cam ky phu hau hue sau sinh thai ploy porn nong quan quy dara kul lal dhan babu papa nana gul ploy malay kashmir swan paz pepe reyes jesus mercedes domingo trinidad santiago soledad washington wagner brito gaspar mendes almeida santo romano rocco pina elvis regina carolina celeste aurora barbara bento branca candida lidia paco lola blanca concha roland arsenal baraka juma khan islam jihad iman karam goran azad islam reem rami shirin sina suda ambra alda franca branka bile asha amal hani jama hawa eden aster almaz mine deniz mert mutlu savas sevgi levent isa ali edi mate mile vid nik leke kole fran krist rama mira mara dana dina cem elif ufuk umit zana kawa rawa ranj moe yang peng pang lei kai qin qiu xia ka wai wing yee siu hoi gina hom tek tika yam pola olaf kasper pal soma flora virag bence edit geza sari vince roland laci spas fidan krum mira reni pepa vera viola bali bahadur man maiya om jas raj parm jaz bhai emerald phoenix viola carol lewis george
    oscar wellington lincoln nelson winston salvador diana florence cherish faith amber
    """
) - word_set(
    """
    anna awa lena marian milena sofia petra hassan tom sam mike barbara ted carolina elvis rita roy harry vera edward henry diana mick percy ella nina nora luca kim jill jean ross victor oscar
    lidia lola santiago reyes jesus mercedes aster almaz deniz levent anna hana juma imam kadir moe rami reem roland elvis lou regina nell gina
    """
)

ALSO_WORDS = _MAY_BE_A_WORD | word_set(
    """
    april august autumn dawn summer may june sunday hope grace faith joy patience mercy blessing precious favour gift happy lucky sunny star
    rose lily daisy iris ivy holly heather violet poppy olive ginger basil sage rosemary jasmine hazel marigold bryony clementine
    amber ruby pearl crystal opal jade coral penny bill bob rob pat mark will drew chuck rich frank grant guy dean miles max art gene
    gus hank hunter carter cooper mason parker taylor tyler turner baker dale forrest glen heath lane cliff brook brooke chase chance skip
    sue dot bonnie kitty cherry candy honey sandy dusty rusty curt victor christian kit jo flo viv del des norm vic les les ash bay
    georgia jordan chad israel india kenya paris sydney florence chelsea chester preston stafford lincoln kent austin ashley victoria jersey
    angel prince princess king queen duke earl major sterling star ace buddy sonny junior lan hung dung long an bong hue tuan hoa
    ion rui van son duc blessed destiny divine comfort charity constance prosper wisdom promise goodness marvellous innocent
    wanda ali
    """
) - frozenset(["tuan", "hoa", "wanda", "ali"])
"""Names that are also everyday words, months, plants, places or trade names."""

GIVEN = (
    frozenset(
        word
        for text in (
            _BRITAIN,
            _POLAND_AND_BALTICS,
            _ROMANIA_BULGARIA_AND_HUNGARY,
            _ALBANIA_UKRAINE_AND_EAST,
            _ASIA,
            _AFRICA_AND_ROMANCE,
            _MORE,
        )
        for word in text.split()
        if "'" not in word
    )
    | frozenset(["tuan", "hoa", "wanda", "ali"])
) - ALSO_WORDS

FAMILY = word_set(
    """
    singh kaur khan patel sharma kumar gupta shah begum hussain ahmed akhtar malik mahmood iqbal chaudhry chowdhury miah uddin islam gurung rai tamang
    thapa magar limbu shrestha nguyen tran pham le huynh phan vu vo dang bui ngo ly zhang wang chen liu yang huang zhao wu zhou xu sun zhu popescu
    ionescu popa stan dumitru stoica matei ciobanu rusu munteanu lupu moldovan ursu balan nowak kowalski wisniewski wojcik kaminski lewandowski
    zielinski szymanski kozlowski jankowski mazur krawczyk ivanov petrov dimitrov georgiev kovacs nagy szabo toth horvath kovac hoxha shehu
    krasniqi gashi berisha osmani rama leka okafor adeyemi okonkwo eze mensah boateng owusu appiah diallo traore silva santos ferreira pereira
    oliveira costa rodrigues fernandes gomes garcia lopez martinez fernandez gonzalez hernandez rossi russo melnyk shevchenko kovalenko bondarenko
    tkachenko petrauskas kazlauskas jankauskas berzins kalnins ozols yilmaz demir kaya celik aydin mohammed abdullah yusuf rahman hossain
    o'connor o'brien murphy kelly doherty byrne macdonald mackenzie harker jenkins evans davies griffiths llewellyn hughes roberts williams jones
    smith taylor thompson robinson harris clarke lewis jackson watson anderson wright walker johnson wilson edwards hall phillips
    """
) - frozenset(["le", "sun", "rama", "stan", "hall"])
