"""A program that looks for faults of access, at each kind of page once and at each way of setting letters once.

The same page is seen by many people: in a journey, in the browser tests of its room, with other names in it. Looking at it again
finds nothing new and took most of the time of all browser tests. What has been looked at is remembered for this process of tests,
and only when nothing was wrong with it: what has a fault fails every test that comes by.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

KIND_OF_PAGE = """() => {
    const named = ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls', 'headers']
    const told = ['class', 'role', 'type', 'tabindex', 'lang', 'scope', 'autocomplete', 'inputmode', 'aria-current', 'aria-live',
                  'aria-hidden', 'aria-expanded', 'aria-sort', 'aria-invalid', 'colspan', 'rowspan', 'rel', 'target', 'accesskey']
    const leads = value => value.trim().split(/\\s+/).every(id => document.getElementById(id))
    const attribute = ({name, value}) => told.includes(name) ? `${name}=${value}`
        : named.includes(name) ? `${name}:${leads(value)}`
        : name === 'style' ? value
        : `${name}:${value.trim() !== ''}`
    const built = element => {
        const parts = []
        for (const part of element.childNodes) {
            const kind = part.nodeType === 1 ? built(part) : part.nodeType === 3 && part.data.trim() ? 'words' : ''
            if (kind && !parts.includes(kind)) parts.push(kind)
        }
        return `<${element.tagName} ${[...element.attributes].map(attribute).sort().join(' ')}>${parts.join('')}</>`
    }
    const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(heading => heading.tagName)
    const steps = [...new Set(levels.map((level, at) => `${levels[at - 1]} ${level}`))].sort()
    const ids = [...document.querySelectorAll('[id]')].map(element => element.id)
    return [document.title !== '', steps, ids.length - new Set(ids).size, built(document.documentElement)].join(' ')
}"""
"""How a page is built, its words left out: what stands in a list or a table several times counts once. What axe looks at apart
from words is in it: classes and states, whether something is empty, whether what a label names is there, the steps between
headings, and whether an id is there twice. A fault, an empty list or a filled one makes another kind of page of it."""

BRING = f"window.bringAxe = () => {{ {AXE_SCRIPT} }}"
LOOK = """async looked => {
    window.axe || window.bringAxe()
    const hash = text => {
        let one = 0xdeadbeef, two = 0x41c6ce57
        for (let at = 0; at < text.length; at++) {
            one = Math.imul(one ^ text.charCodeAt(at), 2654435761)
            two = Math.imul(two ^ text.charCodeAt(at), 1597334677)
        }
        return 4294967296 * (2097151 & two) + (one >>> 0)
    }
    const ways = new Map()
    const way = element => {
        if (!element) return 0
        if (!ways.has(element)) {
            const set = getComputedStyle(element)
            ways.set(element, hash([way(element.parentElement), element.tagName, element.className, set.color, set.fontSize,
                set.fontWeight, set.backgroundColor, set.backgroundImage, set.opacity, set.textShadow, set.position].join()))
        }
        return ways.get(element)
    }
    const before = new Set(looked), now = new Map()
    const letters = axe._audit.rules.find(rule => rule.id === 'color-contrast'), read = letters.matches
    letters.matches = function (element, ...more) {
        if (before.has(way(element)) || !read.call(this, element, ...more)) return false
        now.set(element, way(element))
        return true
    }
    const {violations, incomplete} = await axe.run({resultTypes: ['violations', 'incomplete'], elementRef: true})
    for (const rule of incomplete)
        if (rule.id === 'color-contrast') for (const node of rule.nodes) now.delete(node.element)
    return JSON.stringify({violations, colours: [...new Set(now.values())]}, (key, value) => key === 'element' ? undefined : value)
}"""
"""Axe as it comes, against WCAG 2.2 AA and good practice, but the contrast of letters, which takes it four fifths of its time on a
long page, only where letters are set as nowhere before: in other colours or sizes, or inside other things. What axe could not
decide has not been looked at."""


@dataclass
class Looked:
    """What has been looked at and was well."""

    kinds: set[tuple[int, int]] = field(default_factory=set)
    colours: set[int] = field(default_factory=set)

    def faults(self, page: Page) -> str:
        """What a program finds wrong with this page, in words. Nothing, if it finds none or a page of this kind was well."""
        size = page.viewport_size
        assert size is not None
        kind = (size["width"], hash(page.evaluate(KIND_OF_PAGE)))
        if kind in self.kinds:
            return ""
        if not page.evaluate(
            "'bringAxe' in window"
        ):  # half a megabyte goes to a browser once, and each page that comes has it
            page.context.add_init_script(BRING)
            page.evaluate(BRING)
        found = json.loads(page.evaluate(LOOK, list(self.colours)))
        if found["violations"]:
            return AxeResults(found).generate_report()
        self.kinds.add(kind)
        self.colours.update(found["colours"])
        return ""


LOOKED = Looked()
