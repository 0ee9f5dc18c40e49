"""Goods and those who sell them: “pallets from Scott Group, trailer from Ifor Williams” names firms that are called like people."""

from __future__ import annotations

import re

from assess.assessments.careful.everyday import listed

GOODS = listed(
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
"""What businesses buy, sell and run, in small letters."""

_DEALING = listed(
    "from through via off use uses using sell sells sold buy buys bought order orders stock stocks supplied supplier suppliers brand called by to"
)
_DEALING_BEHIND = frozenset({"via", "through", "supplied", "deliver", "delivers"})
_DEALT = re.compile(
    r"\b(?:supplied|serviced|made|delivered|fitted|installed|sold|insured|audited|repaired|hired|leased|bought|printed|run|collected)\b"
)


def has_goods(lows: frozenset[str]) -> bool:
    """Whether a text, as its words in small letters, speaks of goods."""
    return (
        any(is_a_good(low) for low in lows) or not MAKERS.isdisjoint(lows) or "supplied" in lows or "deliveries" in lows
    )


def is_a_good(low: str) -> bool:
    """Whether a word in small letters is one of goods, one or many."""
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


MAKERS = listed(
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
"""Makes, chains and suppliers that many know, word by word."""

PLACES = listed(
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
