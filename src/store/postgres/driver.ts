// The only module that imports the driver, loaded on first use: no other process reads its code.
import { Client, Pool } from 'pg';

export { Client, Pool };
