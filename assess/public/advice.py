"""Texts of the help pages: signs by place and kinds of exploitation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signs:
    """What may be noticed about a person or at a kind of place."""

    heading: str
    noticed: tuple[str, ...]


SIGNS = (
    Signs(
        "About the person",
        (
            "Looks tired, hungry, hurt or scared.",
            "Has few belongings, and wears the same clothes.",
            "Has no food or money at break time.",
            "Does not know the address where they live.",
            "Someone else always speaks for them.",
            "Will not look at you, or talk about home.",
            "Is afraid of the police or of immigration officers.",
            "Has no identity papers or bank card of their own.",
        ),
    ),
    Signs(
        "At work",
        (
            "The same van brings and collects a group every day.",
            "Works very long hours, or never has a day off.",
            "Has no gloves, boots or other safety kit.",
            "Their pay goes to another person.",
            "Sleeps at work.",
            "Has been told what to say.",
            "Owes money to the boss.",
            "One worker seems to be in charge of the others.",
        ),
    ),
    Signs(
        "Where people live",
        (
            "Many people live in one house.",
            "Curtains are always shut.",
            "There are beds in sheds, caravans or vans, or mattresses at a workplace.",
            "People come and go very early and very late.",
        ),
    ),
    Signs(
        "On a farm",
        (
            "A group leader holds the bank cards or phones.",
            "Workers walk a long way to buy food.",
            "Caravans smell of gas or are damp.",
            "A new “agency” offers cheap crews by text message.",
        ),
    ),
    Signs(
        "At a car wash",
        (
            "It takes only cash and is very cheap.",
            "Many people work on one car.",
            "Nobody has gloves or boots.",
            "There are caravans or bedding behind the site.",
            "The boss takes all the money.",
            "A worker looks afraid.",
        ),
    ),
    Signs(
        "In a hotel, pub or café",
        (
            "Staff live upstairs and never go out.",
            "There is a kitchen worker whom nobody can name.",
            "Cleaners stay on after they have signed out.",
            "A guest pays cash, wants a room far from others, has many visitors and keeps staff out for days.",
            "A child is with an adult who does not seem to be family.",
            "There are many phones, condoms or bank cards in a room.",
        ),
    ),
    Signs(
        "In a holiday home or short let",
        (
            "It was booked at the last minute by someone who never appears.",
            "Strangers come and go at all hours.",
            "A local person seems pushed aside in their own home.",
        ),
    ),
)

EXPLOITATION_KINDS = (
    ("At work", "Made to work for little or no pay, or not able to leave the job."),
    ("Sexual", "Made to sell sex, or to have sex with others for someone’s gain."),
    (
        "Crime",
        "Made to grow drugs, deal them (“county lines”), steal or beg. Taking over someone’s home to do it is called cuckooing.",
    ),
    ("In a home", "Made to cook, clean or care for others in a home, with no freedom."),
    ("By debt", "Made to work to pay back a debt that never goes down."),
    ("Money", "Someone else uses a person’s bank account, benefits or name."),
    ("Organs", "A person’s organ is taken for money. This is rare."),
)
