"""Everyday words of the trades we ask about, in small letters: a word that stands here is no name, whatever its first letter.

They are the words of our own questions, pages and lists, and some that people type. Names were taken out by `names.py`.
"""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


TRADE_WORDS = listed(
    """
abattoir able abolished abrasive abroad absent acai accent accepted accessories accountability accountants accounting
accounts accumulators accuses acid acids acknowledge acknowledged acted actions activities activity actually add added
adding addition additions address addresses adds administration administrative adopt adult adults advance advert
advertising adverts adviser affairs affected afraid afterwards agarbatti aged agencies agents ages agree agreed
agreement agreements agrees agricultural agriculture agrochemical ahead aid aids aims aiosmtpd air aircraft alarm
alarms alcohol alcoholic ale alert alerts alignment alike allocation allow allowances allows alloy alone aloud alright
alter alterations ambulance amended amending amendment ammunition amount amounts amusement analyse analysis anew
animal animals annex announced announcement anonymous answer answered answerings answers anti antique antiques anyhow
anywhere apart apostrophe app apparatus apparel appeal appear appears appliances applications applied applies
appointment apprentices approval approve approved approver approves apricots apt aquaculture arable arcade
architectural archived areas argument arguments aria arises arithmetic aromatic arrange arrangement arrangements
arranges arrival arrivals arrive arrived arriving article articles artificial arts asgiref aside asking asks assembled
assess assessment assessments asset assets assignment assistants associated associations assume assurance attached
attack attempts attendants attention attestation attractions attrs aubergines audio audited auditing auditor auditors
audits authorised authorities authority auto autocomplete automatic automatically automotive auxiliary available
average avoid award awarded awards axe background backups bacon bags baked bakery balance baler ban bananas band bands
banking banks banned banner banning banquet banqueting bans barbecue barber baristas barley barmen bars bartenders
base based basic basis basmati batch bathroom bathrooms batteries battery bays bear bearer bearings bears beats
beautician beauticians beauty became becomes becoming bedding bedroom bedrooms bedtime beer beet began begin beginning
begins begun behaves believable believe believed believes bell belong belongs bench benefit benefits berry betting
beverage beverages bicycles bid bids big bigger biggest bike bikes billion bin bind binding binds binmen biotechnology
bird birds birth birthday biscuits bistro bits black blackberries blame blend blending block blocks blog blogs blue
bnb boarding boat boats bodies body boiler boilers bolognese bondage bonds boning bonus booked bookings booklet
bookmarks boots boring borough borrowed bosses bottled bottles bought bouncers bouquets bourbon boxes braces branch
brand breach breaches bread breakdown breakfast breaking bribes brickies bricklayers bricks bridges brie bringer
brings broadcasting brokers brooms brothels brought browser brunch budget buffaloes buffet build builders buildings
built bunk bunks bureaus burgers burners burns bus bush busiest businesses busy butchery butler butter button buttons
buying buys byelaw byelaws byte bytes cabins cables cafe cafes cakes calculate calculation calendar calendars called
calls calm calmly camelids camels camera campaign camping campsite cancel cancelled cane canes canonical canvas cap
capital caption caravans carbon carbonara card cardboard cards care careful carers carling carpenters carpentry carpet
carpets carriages carried carrier carriers carries carry carrying case cases cashews cassiterite cast caster casting
casual casuals catch catchers catches catching category caterer caterers catering cattle caught cause cautious cava
cell cells cement cent central centres ceramic cereal cereals certificates certification certified chain chains chalk
challenge chambermaids chamois changed changes changing channel characters charcoal chardonnay charged charges
charities charset chart charting charts chased cheap cheated checkbox checkboxes checkin checking checklist checkout
cheers chefs chemicals chemist chestnuts chickpeas chief child children chili chilli chillies chimney chip chocolate
choice choices choose chooses chorizo chose chosen church cider cigarettes cinematographic cite cited citing citroen
citrus civil claimed claims class classes classified clause clauses clay clays cleaned cleaners cleans clearance
clearer clearest cli click climate clock clocked clocks closed closely closer closes closest closing closure clothing
cloud cloves club clubs cluster coach coachwork coal coals coastal coating coatings cockle cocklers cocoa coconut
codes coercion cognac coins coke col colleague collect collected collecting collection collective collectors collects
colour colours colspan coltan column columnheader columns combine comes coming command commands commas commenced
commencement commentary comments commerce commercial commis commit committee commodity common communication
communications community compare compared compares comparison compensation competent competes compiles complain
complaining completes completion compliance complied components compounds compressors compulsory computer computers
computes concern concerns concessions concierge concrete condensed condiments conditioner conditioning conditions
conduct confectionery conference confidence configuration confirm confirmed confiscation conflict conflicts confront
connected connection consent consequence consequences consolidated constable construction consultancy consultation
consulted consulting consumer consumers contacts container containers contempt content contents contingent continue
continuous contractor contractors contradictions contrast contribution control controlling controls conventions
conversion conviction convincing cooker cookie cookies cooking cooks cooling coordinator coordinators copying
copyright cordage core cores cork corner corporate corporations correct corrected correcting correction corridor
corrugated cosmetic cosmetics cotton councils count counted counters countries country counts county couple courier
couriers court courts couscous cover coverage covered covering coverings covers crabs crash crate crates cream
creation credit crew crews crime crimes criminal criteria critical crocheted crockery croniter crop crops cross
crowding crown crude crushed crushing crustaceans cultivator cultural cumin cups curly current curry cut cutlery cuts
cutters cutting cycle daffodil dairy damage damp danger dangerous dash dashes data database databases datalist dated
dates dcterms dead deadline deadlines dealers dealing deals dealt death debarment debt debts decade decide decided
decides decimal decimals decision declined decorating decorations decorator decorators deducted deduction deductions
deeds deep default defect defence defer defined defusedxml degreaser delay delete deleted deletes deleting deliberate
deliver deliveries demanding demo demolition denied denounced dental department departments depend depending depends
derived describe described description deserves design designated designing desk desktop destroy destruction detail
detailed details detergents development device devices devolved dials diary dietetic differ difference differently
differs difficulties digest digital digits diligence dimension dimensions direct directive directly directories dirt
dirty disability disabled disagree discharge discipline disclaimer disclosure discounts discussed dishes dishwashing
disk disks dismiss dismissed disorder display disposable disposal dispute distribute distribution distributors
district disturb disused div divide divided doctor documented dog doing dollars domain domestic domiciliary doormen
doors dots doubled doubt down download downloaded downstairs downstream draft drafts draggable drains draper draw
drawer drawing drawn dressing drill drilling drink drinking driven drives driveways driving drop dropped dropping
drowned drug drums dry drying duct due duplicate dust duties duvet dyeing dyes dynamic earlier earned earthmoving
easier easiest easy eat edge edible edit edition editions editors education effect effects efficient effluent effort
egg eight elderly elected electric electrical electrician electricians electricity electrics electromedical electronic
electronically electronics elements elif elimination else elsewhere embedded emergency employ employed employee
employers employs emptied empties empty emptying enacted encouragement endblock ended endfor endif ending endless
endmacro endorsed endpoint ends enforce enforced enforcement enforces enforcing engages engine engineering engines
ensure enter enterprises enters entertainment entities entity entries entry environmental equal equally equals equalto
equines equivalent erection error errors escapes essential estate ethnic euros evaluation event events ever everyday
everywhere evidence exact exactly example exceed exceptions exchange exchanging excluded excluding exclusion
exclusions exclusive executive exempt exemption exhibition exist existing exists exit exits expanded expect expected
expects experience experimental expert explain explained explains explanation exploit exploitation exploited exploiter
exploits explosives exporters exports exposed exposure extended extends exterminating extraction extras fabricated
fabrics face faced faces facilities fact factories factors factory facts fail failed failing fails failure fairly fall
falls false fare fares farinaceous farmers farmhands farming farmland farms fast fasteners fats fault faults feature
features federal fee feed feeds feel feeling fees fell female fencing fermented ferro fertiliser fertilizer
fertilizers fetch fetched fetches fewer fibre fibres fieldset fifteen fighting figure figures filed filing fill filled
filleters fills film final finance financial finding findings finds fine fines finger finish finished finisher
finishing firm firms fishers fishing fishmeal fit fits fitters fittings five fix fixed fixings fixtures flags flat
flats fleece fleet float floating flooded floor flooring floors flower fluid fluids focus folders folding folds follow
follows font fontpkg fonts fonttools foods footer footers footwear forbids force forced forces forecourt foreign
forestry forgery forget forgets forgotten forklift format formerly forming forms formula fortnight forty forward
fosters foul four fraction frame framework frameworks franchise franchises francs fraud freed freedom freely frees
freeze freezer freezes freezing freight fridge friend friendly friends front frozen fruits frying fuels fulfils
fullest fully function functions funding fur furnace furnaces furnished furnishing furnishings furniture fwa fye gain
gains galleries games gang gangmaster gangmasters gap gaps gardener gardeners gardens garlic garment garments gaseous
gases gate gates gather gatherers gathering gave gear gearing gears gems generators gets github gives giving glad
glance glass glasses glasshouse glassware glues gluing goat goats goggles gone goods governing govuk grade grader
grades grain granted granting grantors grape grasp grass gratuities gratuity grave gravel gravest greatest grey grid
gross ground groundskeepers groundsmen groundworkers groundworks groups grow grower growers growing grown grows guard
guarding guards guesses guidance guide guideline guides guilty guinness gunicorn gutter gypsum habits haddock hall
halves ham handbags handed handing handles handling hands handyman handymen hang hanging hangs happen happened happens
harassment hard harder hardware harm harmed harmless harness harvester harvesting hash haulage hauliers having
hazardous hazelnuts head header headers heading headings hear heard hearing heart heat heater heavy hedge hedges
heights held helped helps hence herbicides herdsmen heterogenite hidden hide hides hiding high higher highest hinges
hint hints hire hired hirer hires hiring historical histories history hob hold holding holds holidays hollow homeless
homepage homes homogenized honda honest honestly honoured hook hoover hop horses horticulture hosiery hospitality host
hostel hostels hostile hosting hot hotels housed households housekeeper housekeepers houses howdens href html http
https human humanities hundred hurt husqvarna hybrid hygienic hyphens hypothesis icalendar ice iceland icon identify
identifying identity idle ids ignored ill illegal ilo imitation immediate immigration impact import imported importing
imports improve improvement incidental incidents incl include included includes including incognito indeed independent
indicator indicators individual indoors industrial industries industry inference influence informal ingredient initial
initials injuries injury ink inline inn inorganic input inputmode inputs inserted insertion inspect inspected
inspection inspections inspector inspectors inspects install installation instances instant instead instrument
instruments insulating insulators insured insurer insurers intellectual intelligence interactive interceptors interest
intermediate intermediation internal international internet interpretation interpreter interpreting interurban
interviewed interviewee interviewer introduced invalid invented investigate investigation investigations investment
involved iron ironing ironmongery irradiation issue issued item iveco jackets janitorial janitors jewellery joined
joiners joinery joins joint journals journey journeys judge judged judgement judges judicial juice juices jump junk
jurisdiction kaolin kebab keeper keeping keeps ketchup kettle keyboard keybox keyed kill killed kills kimchi
kinderarbeid kinds kitchens knew knife knitted knitting knives knock knowing knowingly knowledge known kroner label
labelled labels labourers ladies lads lady lager landing landlords landowner landscape landscapers landscaping laptops
larger largest lasts lately later latest latex launderette laundering laundrette laundromat lawful lawn laws lawyer
layer layout lead leader leaders leading leads learn learned learning learns leased leases leasing leather leathers
leavers leaves leaving legend legislation legumes leguminous leisure lemons lenders length lentils lets letters
letting levels liability liable libraries library licences licensed licenses licensing licensor licks lie lies life
lift lifting lifts light lighting lights lignite likely lime limes limestone limit limited limits line lines link
linked links lint liquid listed listen listens listing lists litter livestock living llp loaded loading lobby lobster
localhost locked locks locomotives lodging lodgings log logged logistics logs longer longest looked looking looks loop
loopback looser lorry lose loses losing loss lost low lower lowered lowers lowest luggage lunchtime lungs lxml
macaroni machinery machines machinists macro macros magistrates magnetic maids mail mailbox mailboxes mailing mails
mailto mains maintain maize makers makes making malbec male malt manage management manages mandatory manicures manned
manufacture manufacturers manufacturing map mapping margarine margin margins marked market markets marks markup
marshmallow masks massage master mastics match matches matching material materials matter matters mattress mattresses
mean meaning meanings means meant meanwhile measure measured measures measuring media medical medium meets melons
member members membership memory mend mends mental menu merlot message messages met meta metal metallurgy metals
method metro metropolitan microfibre microwave mid middleman might migration migrations military milkers milling
million mince mineral minerals mines minibus minimal mining minute minutes mirrors mislead misleading miss missed
misses missing mistake mistakes mistyped mobile model modelling models moderate module molluscs moment monitoring
monoxide moreover moretti mortars mortgage motor motorcycles motors motorways move moved moves moving mowing mud
multiple multiplied mushroom music musical mussel mutton mypy naan nail nails named namespace naming nanny napkins
narrow national nationality nationals nations nationwide natural nature nav navigation nearer needed neighbour
neighbours neither netting network neutral nevertheless newer newest newspapers nights nine nissan nitrile nitrogen
nofollow noise nominated non nonconformity noodles nope nor noreferrer noscript noted noticed notices notification
notify novalidate nowhere nozzle nuclear nuisance null numbered numbers numeric nursery nursing nuts objectives
objects obligation observation observations observed obstruction obvious occasional occupancies occupation occupier
octets odd offence offences offer offered offers officer officers offices official offset oils oilseed okay older
oleaginous olives oncost ones online onward opened openings openpyxl opens openssl operating operation operations
operatives operator operators opinion opt optic optical opticians option options orange oranges orchard ordered
ordering ordinance ordinary ore ores organic organisation organisations organised organisers organization
organizations origin original originals ornamental orthopaedic otherwise ourselves outbox outcome outdated outdoors
outerwear outlives outloud oven ovens overalls overdue overheads overnight overseas overtime overturns overview
overwritten owe owed owns oyster oysters pack package packaging packed packers packhouses page pages painter painters
paints pair pairs pallet pallets palm paneer panels paperboard paperwork para paragraph paras parcel parent park parks
parliamentary parquet parser parsnips particular partly partnership partnerships pass passage passata passed passenger
passes passing password past paste pastries pastry patent path pattern pause paving payday paying pays pdftotext peace
peaches peak peanuts peat pen penalises penalties penalty pending pens pension pepper peppercorns percentage
percentile perennial perfect performance performing perfume perfumes period periodic periodicals peripheral permanent
permission permits peroni personal personnel pesticides pet petrochemicals petroleum peugeot pharmaceutical phased
phones phosphate photographic photography photos photovoltaic phrases physically pick picker picture pictures piece
pig pigments pigs pikepdf pillows pineapples pinned pip pipeline pipes pits pizza placed placeholders placement places
plain plainer plainly plaiting planing planned planning plans plant plaster plasterers plastering plastic plastics
plates platform platforms played playing playwright plc pleasure plough plumbers plumbing plural plurals plus pocket
point points poison policies polishing political polling polythene polytunnels pome poor pop poppler popup port portal
portals porters possible post postal postcode posted postgresql pot potash potato pots poultry powder power powers
practicable practical practice practices prawn pre precision predominating prefix premises preparation preparations
prepare prepared prepares prescribed present preserved preserving press pressed presses pressing pressure presumed
presumption pretended prevent preventing prevention preview price prices primary principal principle principles print
printed printer printing prints priority prison privacy private probation procedure proceedings proceeds process
processes processing processors procurement produce producing product production products professional profile
profiles program programme programming programs progress project projection projects prominent promised promises
propagation proper property proposed proposes prosecco prosecute protect protection protective protects protein prove
proven proves providers provision provisional proxies proxy psycopg pub publication publish published publisher
publishers publishes publishing pulled pulp pulses pumice pumps punish punished punishments punnet purchase purchases
purpose purposes push puts putting pyproject pytest python qualifications qualifying quarrying quarter quarters query
questionnaire queue quick quiet quietly quota quoted quotes quoting racehorse radiators radio radios rail railway
railways rain rainy raise raised ramen rand random range rank rape rashes raspberry rated rather rating ratio ratios
raw reach reached reaches readable reader readers reading readonly reads real reality really rearing reasonable
reasonably reasons rebuild rebuilding recent reckon recognised recommended recorded recording recordings recreation
recreational recruit recruiter recruiters rectifying recycling redirect redtractor refer references referral refining
reform refractory refresh refund refurbishment refusal refusals refuse refused refuses regardless region register
registered registers registration registry regs regular regulated regulation regulations regulator reinsurance rel
related relation relations relative release released relief religious rely remarks remediation remedies remembered
remind reminded reminder reminders reminds removal removals remove removed remover removes renault rendered renew
renewed renewing renews renovation rents renumbered reopen rep repaid repair repairs reparation repayment repeal
repeat repeated replace replaced reply reported reporting repositories repository representation representative
representatives request requests require requirement requisites reread rescue research reservation reserves reservoirs
resident residential resources responder responding response responses responsible restart restaurants rests result
results resume retail retreading retry return returned returners revenue review reviewed reviewer reviewing revised
revision revisions rewritten rider riders rides rims ring rioja rise rises riskier riskiest risks risky river rivers
road roads roadworks role roles roll rolling roof roofers roofing roots rope roses rotas rough round rounded route row
rowgroup rowheader rows ruamel rubber rubbish ruff rugs runner running runs rusks sack sacked sacks saddlery safeguard
safeguarding safeguards safely safest sale salon salt sample samples sanctions sand sandals sandwich sanitary sausages
save saved saves savings saw says scaffolders scaffolding scale scallops scampi scania scanner scanners scenarios
schedules schema scheme schemes schooling sciences scientific scissors scope score scores scoring scrap screen
screening screens screw screwfix script scripts scroll scrolling scrolls seafood sealants sealed sealey seamstresses
search searched season seasonings seat secondary seconds secrecy secret secrets sections sector sectors security
seedlings seeds seemed seems seen sees seizure seldom select selectattr selected selection sell sellers selling semi
semicolon sending sends senior sense sensitive sent sentence sentences separate serious serve served server serves
services servitude sesame session set sets setting settings settled settles seven severe severity sewer sewerage
sewing sewn sexual shamed shaping shared shares shearers shearing sheep shellfish shelter shipment ships shiraz shoes
shops shortages shorten shorter shortfall shout showed shower showers shown shows shrimp shrimps shut side sides
sideways sight signal signature significant signing silent similar simple simplification single singular sink sinks
sister sit sites sits sittings situation six sixty size sizes skilled skin skins skipped skoda slate slaughterhouse
slaughtermen sleep slept slip slips slot slugs smaller smallest smoke sms smtp smtps social societies society soft
software soil solar sold sole somewhere sooner soonest sorry sort sorted sorting sorts sound source sourced sources
sous soy soya space spacecraft spaces span speaking speaks special specialised specialist specialized specific speed
spellcheck spelling spend spending spent spice spices spills spinning spirits split spoke sponsor sponsored
sponsorship sport sporting sports spot spotting sprayer spread spreadsheet spreadsheets springs sqlite squeegee
squeezed squid src staffing stage stalled stalls stamping stand standard standards standing stands starch starches
started starter starters starting starts starttls state stated statements states static station stationery stations
statistic statistics status statuses statute statutory stay stayed staying stays steak steam steel steepest step steps
stewards stihl stilton stimulant stone stones stood stopped stopping stops stored stores stories story straight
strange stranger strangers strategic strategy straw strawberry street strength strengths strict stricter strikes
string strip striped striptags strong stronger struck structure structures study style stylesheet sub subcontracting
submission submissions submit submits submitted submitting subs subscribe subscribed subsidiaries subsidiary substance
substances substitutes substitution subtropical suburban succeeds suffix suffixes sum summaries summarised summary
sums sunflower super supper supplied supplies supplying support supports surface surgeons surgery survey surveying
survive sushi suspect suspected suspects suspended suspension suspicion suspicious sustainability swapped swapping
sway sweep sweet sweetcorn swipe switch switched synthetic system systems tab tabindex table tables tablets tableware
tackling tagged tags tailors take takeaway takeaways taken taker takes taking takings talked talks tangible tanker
tanks tapas tape tapes taps target targeted targets tarmacking task tasks tavern taxable taxes tbody teabags teatime
technical technicians technology tel telegraph telephone telephones television televisions telling tells temp temping
template templates temps ten tenancy tender tenders tenth term terminals terms test tested testing tests text textarea
textile textiles textphone texts thead theatrical theme themes therapists therefore thin think thinks third thirds
thirteen thirty thorium thought thread threat threaten threatened threats threshold thresholds throw thrown thumb thus
tick ticked ticket ticks tide tidies tidying tie tied tier tiers ties tighter tilers tiles tiling tills timber timed
timesheet timetable tinned tires title titles tobacco toilet toiletries toilets token tokens tomato tonight took tool
toolkit toolstation topics topped total totals touch touched touches tourist towel town toyota toys trace traceability
traced tracker tractorport tractors trade traded trader trades traffic trafficking trailer trailers train trained
transaction transcript transfer transformers transition translated transportation transposing trap trapped trapping
traps travel travels trays treat treated treatment treatments treats tree trees trench trials tribunal trick tricks
tried tries trigger trim trips trolley trolleys tronc troncmaster tropical truck trucks truly trust trusts truth try
tubers tubes tufted tuna tune turbines turn turned turnover turns twentieth twenty twine type typed typeface types
typing tzdata umbrella unannounced unanswered unasked uncertain unchecked undated underground underpay underpayment
underscores understand undertakings underwear undo undoes undoing unexplained unfilled unincorporated unions units
universal universities unknown unlabelled unlawful unlicensed unlimited unlisted unmanufactured unnamed unpaid
unreported unsafe untrained untreated unverified update upload uploads upper upstairs uranium urban urgent url useful
user users uses using usual utf utility vacuum vacuums valet valeters valeting valets valid validated value valued
values valves vanilla vanish var variable variants variety various varnishes veg vegetable vehicle vehicles veneer
ventilation venture verb verdict verification verified version victim victims video view viewport views vigilance
villages vineyard violence visas visited visitor visits vobject vocational vodka voluntary volvo waited waiters
waitresses waits walk walked walks wall wallpaper walls wanted wants wardrobe ware warehouse warehouses warehousing
warm warn warning warnings warns was washes watch watched watches watchman waterproofs waters ways weak weakest
weapons wearing weather web wedding weedkiller weigh weighed weighs weight weights welfare wellingtons wet wheat
whelks whenever wherever whether whichever white whites wholesale wholly whom whose wide wider width wild wilful wilko
win window windows wine wines wire wires wiring wish withdrawal withdrawn withhold woken wolframite wondered wood
wooden worded wording workday worked workforce workmates workplaces works workwear worldwide worried worry worrying
worse worst worth woven wrecks writer writes writing wrong wrongdoing wrote xml yamaha yellow yep yet yoghurt yourself
zinc zoological zorgplicht
    """
)
