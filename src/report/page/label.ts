import { markingPage } from './label/page.ts'
import { serverOf } from './label/server.ts'

const page = markingPage(serverOf(new URLSearchParams(location.search).get('token') ?? ''))
document.getElementById('page')!.replaceChildren(page.element)
void page.start()
