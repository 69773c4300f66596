import { afterAll } from 'vitest'
import { clearFiles } from './files.ts'

afterAll(clearFiles)
