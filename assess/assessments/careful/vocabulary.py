"""Words that speak for a person or against one: titles, relations, deeds; firms, streets, brands, and everyday words with a capital."""

from __future__ import annotations

import re

from assess.assessments.careful.everyday import listed

TITLES = listed("mr mrs ms miss mister missus mstr master madam sir dr pan pani dna dl domnul doamna bai auntie aunty")

WHO = listed(
    """
    wife husband partner girlfriend boyfriend brother sister cousin uncle aunt nephew niece son daughter father mother mum mam dad grandad law inlaw friend mate
    colleague lad lass boy girl guy bloke chap fella man woman lady kid teenager worker picker packer washer valeter cleaner porter chef cook waiter waitress
    housekeeper maid receptionist driver foreman forewoman supervisor gangmaster leader ganger agent boss landlord landlady fixer recruiter manager tractor
    apprentice student labourer tenant lodger roommate translator interpreter nightporter barman barmaid bartender kp painter builder
    old young little big mad
    """
)
"""What may stand directly before a name."""

TRADES = listed(
    """
    worker picker packer washer valeter cleaner porter chef cook waiter waitress housekeeper maid chambermaid receptionist driver foreman supervisor gangmaster leader boss landlord gardener
    barman barmaid bartender manager apprentice student labourer translator room kitchen night kp front head sous agency tractor bar shop owner lad girl agent lodger attendant painter builder handyman shift rider barber tech technician fryer mechanic carer guard helper assistant operative housekeeping reception laundry packhouse packing nights security grading valeting dishwasher joiner starter temp farmhand hand lads girls boys fitter butcher baker grower keeper runner collector enforcer middleman
    """
)
"""What may stand behind a name and “the”, or behind a comma."""

DEEDS_OF_WORDS = listed(
    "dawn rose amber hope faith joy grace mercy mark rob sue bob pat will drew jack bill jo flo viv del kit guy max gene chuck dean grant frank carter curt gus hank ray les rich skip chase cliff glen miles tyler christian"
)
"""Names that are words too, but before a verb are hardly ever anything but a name: “Mark keeps the tips”."""

SEASONS = listed(
    "january february march april may june july august september october november december spring summer autumn winter sunday easter"
)
"""Not names before a plain deed: “April is our busy time”."""

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

FIRM_WORDS = listed(
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

PLACE_WORDS = listed(
    """
    drove droves bank causeway bypass roundabout junction estate industrial business retail spitalfields
    road street house lane avenue close drive terrace crescent court gardens grove square hill row walk mews parade green park bridge wood woods island station airport harbour quay wharf mill mills barn hall manor castle abbey
    priory grange cottage villa heath common fen fens marsh moor valley vale dale coast bay beach county village town city north south east west upper lower great lynn edmunds ives neots albans andrews helens
    january february march april september october november december christmas easter eve day week weekend season festival bank
    """
)

EVERYDAY = listed(
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
