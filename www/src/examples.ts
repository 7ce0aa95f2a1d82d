/** Sample data: each a script that is run in the console, and the key that is looked at then. */

export interface Example {
  script: string;
  look: string;
}

const hours = Array.from({ length: 12 }, (_, i) => `SETBIT visits:today ${i * 7 + (i % 3)} 1`);

export const EXAMPLES: { [id: string]: Example | undefined } = {
  shop: {
    look: "product:1001",
    script: `HSET product:1001 name "Espresso cup" price 9.50 stock 42
HSET product:1002 name "French press" price 34.00 stock 7
HSET product:1003 name "Burr grinder" price 129.00 stock 3
HSET product:1004 name "Pour-over kettle" price 59.00 stock 11
SADD tag:coffee 1001 1002 1003 1004
SADD tag:gift 1001 1002
SINTER tag:coffee tag:gift
HSET cart:ann 1001 2 1003 1
EXPIRE cart:ann 1800
HINCRBY product:1001 stock -2
HINCRBY product:1003 stock -1
RPUSH orders:pending '{"id":"A-17","customer":"ann","items":[{"sku":1001,"qty":2},{"sku":1003,"qty":1}],"total":148.00}'
RPUSH orders:pending '{"id":"A-18","customer":"bob","items":[{"sku":1002,"qty":1}],"total":34.00}'
LPOP orders:pending
ZINCRBY bestsellers 2 "Espresso cup"
ZINCRBY bestsellers 1 "Burr grinder"
ZINCRBY bestsellers 1 "French press"
ZREVRANGE bestsellers 0 2 WITHSCORES
INCRBYFLOAT revenue:today 182.00
HGETALL product:1001`,
  },
  leaderboard: {
    look: "board:weekly",
    script: `ZADD board:weekly 4120 Ann 3985 Bob 3870 Chidi 3510 Dana 3300 Emre 2890 Fatima 2450 Goran 1990 Hana
ZINCRBY board:weekly 250 Bob
ZINCRBY board:weekly 75 Dana
ZREVRANGE board:weekly 0 2 WITHSCORES
ZREVRANK board:weekly Dana
ZCOUNT board:weekly 3000 +inf
HSET player:Ann country NO level 31
HSET player:Bob country CA level 29
EXPIRE board:weekly 604800
ZADD board:weekly GT CH 4000 Ann 4500 Bob
ZRANGE board:weekly 0 0 REV WITHSCORES`,
  },
  sessions: {
    look: "session:9f2c",
    script: `HSET session:9f2c user ann ip 203.0.113.7 cart 3
EXPIRE session:9f2c 1800
HSET session:41be user bob ip 198.51.100.23 cart 0
EXPIRE session:41be 600
SADD user:ann:sessions 9f2c
SADD user:bob:sessions 41be
HSETEX session:9f2c EX 60 FIELDS 1 csrf 7b1d
HTTL session:9f2c FIELDS 2 csrf user
SET login:attempts:mallory 4 EX 300
INCR login:attempts:mallory
TTL session:41be
HGETALL session:9f2c`,
  },
  geo: {
    look: "cafes",
    script: `GEOADD cafes 13.4050 52.5200 "Berlin Mitte" 13.4275 52.4990 Kreuzberg 13.4540 52.5150 Friedrichshain
GEOADD cafes 2.3522 48.8566 Paris -0.1276 51.5072 London 12.4964 41.9028 Rome 18.0686 59.3293 Stockholm
GEOADD cafes -74.0060 40.7128 "New York" 139.6917 35.6895 Tokyo 151.2093 -33.8688 Sydney
GEODIST cafes "Berlin Mitte" Kreuzberg m
GEOSEARCH cafes FROMMEMBER "Berlin Mitte" BYRADIUS 5 km ASC WITHDIST
GEOSEARCH cafes FROMLONLAT 2.35 48.86 BYRADIUS 1000 km ASC COUNT 3
GEOHASH cafes Paris Tokyo
HSET cafe:Paris open 07:00 close 23:00`,
  },
  events: {
    look: "orders",
    script: `XADD orders * type created id A-17 total 148.00
XADD orders * type created id A-18 total 34.00
XADD orders * type paid id A-17
XGROUP CREATE orders shipping 0
XREADGROUP GROUP shipping ann COUNT 2 STREAMS orders >
XADD orders * type paid id A-18
XREADGROUP GROUP shipping bob COUNT 5 STREAMS orders >
XPENDING orders shipping
XADD orders * type shipped id A-17
XINFO GROUPS orders
XLEN orders
XRANGE orders - + COUNT 3`,
  },
  visitors: {
    look: "visits:today",
    script: `${hours.join("\n")}
BITCOUNT visits:today
PFADD unique:today ann bob chidi dana ann bob
PFADD unique:yesterday bob emre fatima
PFCOUNT unique:today unique:yesterday
INCR pageviews:/home
INCRBY pageviews:/pricing 12
MGET pageviews:/home pageviews:/pricing
SET limit:203.0.113.7 1 EX 60 NX
INCR limit:203.0.113.7
LPUSH recent:pages /home /pricing /docs /home
LTRIM recent:pages 0 9`,
  },
};
