"""Work done in the UK in the words people use for it, each with the id of the work our lists have for it.

Written down as an attack would: by people who hire, not by those who made the lists.
"""

from __future__ import annotations

KNOWN = {
    "agency_labour": (
        "Labour providers", "labour provider", "gangmaster", "Gangmasters", "temps", "temp staff", "temporary workers",
        "agency chefs", "Agency drivers", "agency nurses", "agency kitchen porters", "casual labour", "Seasonal workers",
        "recruitment agencies", "Staffing agency", "waiters from an agency",
    ),
    "cleaning": (
        "cleaner", "Cleaners", "our cleaners", "cleaning company", "office cleaner", "window cleaner", "Contract cleaners",
        "housekeeper", "chambermaids", "deep cleaning", "cleaning contractors",
    ),
    "building_work": (
        "builder", "Builders", "scaffolder", "Scaffolders", "scaffolding", "plumber", "electrician", "roofers", "bricklayers",
        "plasterer", "painter and decorator", "labourers", "handyman", "building firm", "demolition",
    ),
    "catering": (
        "chef", "Chefs", "kitchen porter", "Kitchen porters", "waiter", "waitresses", "bar staff", "pot washer", "caterer",
    ),
    "picking": (
        "pickers", "potato pickers", "Fruit picker", "strawberry pickers", "daffodil pickers", "chicken catchers", "farm workers",
    ),
    "food_packing": ("packer", "packers", "food packers", "meat packers", "fish filleters", "factory workers"),
    "vehicle_washing": ("valeter", "Car valeters", "car valeting", "hand car washes", "car washers", "van cleaning"),
    "security": ("bouncer", "Bouncers", "door staff", "doormen", "security firm", "security guard"),
    "delivery": ("drivers", "lorry driver", "HGV drivers", "van drivers", "delivery driver", "warehouse staff", "couriers"),
    "care": ("carer", "Carers", "care workers", "care agency", "support workers", "live-in carers"),
    "beauty": ("nail bar", "nail technician", "beautician"),
    "laundry": ("Laundry", "laundrette", "laundry service", "dry cleaners"),
    "waste": ("waste", "bin men", "rubbish removal", "waste company", "skip hire"),
    "grounds": ("gardener", "Gardeners", "tree surgeon", "grass cutting"),
    "lodging": ("hotel", "Hotels", "staff accommodation"),
    "uk_garments": ("seamstress", "tailors"),
    "domestic_work": ("nanny", "au pairs"),
    "shellfish_gathering": ("cockle pickers",),
}  # fmt: skip
"""By the id of the work."""

UNKNOWN = (
    "lads who help out", "the night shift", "a couple of girls for the rooms", "oven cleaner", "vacuum cleaners",
    "litter pickers", "cherry pickers", "travel agency", "pest control", "Dave and his crew", "accountant", "IT support",
)  # fmt: skip
"""What no list can tell, because it says nothing, because it may also be goods, or because nobody has named the sector."""
