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
_DEALT = re.compile(
    r"\b(?:supplied|serviced|made|delivered|fitted|installed|sold|insured|audited|repaired|hired|leased|bought|printed|run|collected)\b"
)


def has_goods(lows: frozenset[str]) -> bool:
    """Whether a text, as its words in small letters, speaks of goods."""
    return not GOODS.isdisjoint(lows) or "supplied" in lows or "deliveries" in lows


def is_dealt_with(before: list[str], behind: list[str]) -> bool:
    """Whether a name stands where sellers, buyers and makes stand: “from …”, “we use …”, or before goods."""
    return (
        not _DEALING.isdisjoint(before[-6:])
        or not GOODS.isdisjoint(behind[:1])
        or _DEALT.search(" ".join(behind[:2])) is not None
    )
