// Wakes the components of a page. Every page works without it.
import { initAll } from './vendor/govuk-frontend.js'

initAll()
