import { listen } from './live/connection.ts'
import { livePage } from './live/page.ts'

const page = livePage()
document.getElementById('page')!.replaceChildren(page.element)
listen(
  (state) => page.show(state),
  (connection) => page.connection(connection),
)
