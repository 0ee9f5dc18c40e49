"""Names people have: a list of our own, of the nations whose people work in the trades we ask about, and of Britain.

All in small letters without accents (`folded`). `GIVEN` are names that are no everyday English words; `ALSO_WORDS` count only
where something else speaks for a person; `FAMILY` are frequent family names that are no trade, place or colour.
"""

from __future__ import annotations

import unicodedata

from assess.assessments.careful.everyday import listed

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

_MAY_BE_A_WORD = listed(
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
) - listed(
    """
    anna awa lena marian milena sofia petra hassan tom sam mike barbara ted carolina elvis rita roy harry vera edward henry diana mick percy ella nina nora luca kim jill jean ross victor oscar
    lidia lola santiago reyes jesus mercedes aster almaz deniz levent anna hana juma imam kadir moe rami reem roland elvis lou regina nell gina
    """
)

ALSO_WORDS = _MAY_BE_A_WORD | listed(
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

FAMILY = listed(
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
