// A button that prints the page. Without scripts it is not there, and the menu of the browser prints.
const offer = document.querySelector('[data-print-page]')

if (offer) {
  offer.hidden = false
  offer.querySelector('button').addEventListener('click', () => window.print())
}
