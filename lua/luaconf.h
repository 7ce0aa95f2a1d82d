/*
** Lua's configuration, as Wakey builds it: what Lua 5.1.5 says of itself (luaconf.original.h, unmodified), and what differs here.
** The sources see this file in the place of their own; nothing else of them is changed.
*/
#ifndef wakey_luaconf_h
#define wakey_luaconf_h

#include <stddef.h>
#include "luaconf.original.h"

/* Integers of 64 bits everywhere, as on the servers that scripts were written for. */
#undef LUA_INTEGER
#define LUA_INTEGER long long
#undef LUA_INTFRMLEN
#define LUA_INTFRMLEN "ll"
#undef LUA_INTFRM_T
#ifdef __wasm__
/* string.format("%x", 2^64): WebAssembly cuts doubles off in its own way, so sprintf (src/lua/libc.rs) is given a 0 and the double. */
#define LUA_INTFRM_T int)0, (double
#else
#define LUA_INTFRM_T long long
#endif

/* Long strings may have `[[` in them. */
#undef LUA_COMPAT_LSTR

/* How an error finds its way out. WebAssembly has no setjmp: the host calls back what may fail, and catches (src/lua/unwind.rs). */
#undef luai_jmpbuf
#undef LUAI_THROW
#undef LUAI_TRY
#ifdef __wasm__
#define luai_jmpbuf int
#define LUAI_THROW(L, c) wakey_throw()
#define LUAI_TRY(L, c, a) wakey_try((void *)f, L, ud)
void wakey_throw(void) __attribute__((noreturn));
void wakey_try(void *f, void *L, void *ud);
#else
#define luai_jmpbuf jmp_buf
#define LUAI_THROW(L, c) _longjmp((c)->b, 1)
#define LUAI_TRY(L, c, a) if (_setjmp((c)->b) == 0) { a }
#endif

/* Places in strings are numbers of 64 bits, too. */
#if defined(lstrlib_c)
#define ptrdiff_t long long
#endif

/* Of two arguments that are both wrong the second is the one that is told of: so does the compiler that servers are built with. */
#if defined(lmathlib_c)
#define fmod(x, y) ({ double last = (y); fmod(x, last); })
#define pow(x, y) ({ double last = (y); pow(x, last); })
#define atan2(x, y) ({ double last = (y); atan2(x, last); })
#define ldexp(x, y) ({ int last = (y); ldexp(x, last); })
#endif

/* Tables that scripts may not change: whoever writes into one asks first (guard.c). */
#if defined(lapi_c) || defined(lvm_c)
#define luaH_set wakey_set
#define luaH_setnum wakey_setnum
#endif
#if defined(lbaselib_c)
#define lua_setmetatable wakey_setmetatable
#endif

/* All bytes of a string count in its hash (guard.c). */
#if defined(lstring_c)
#define luaS_newlstr luaS_newlstr_original
#endif

/* The name of a chunk is kept while it is read, which Lua 5.1.5 forgets (CVE-2025-49844). */
#if defined(ldo_c)
#define luaY_parser wakey_parser
#endif

/*
** Matching a pattern can take longer than anybody waits, and no hook is called meanwhile: its steps are counted (guard.c). Where steps
** are made there is an `ms` with the state in it; elsewhere it is this one, which has none.
*/
#if defined(lstrlib_c)
struct lua_State;
struct wakey_nobody { struct lua_State *L; };
static struct wakey_nobody wakey_nobody, *const ms = &wakey_nobody;
#define switch(value) switch (wakey_step(ms->L), (value))
void wakey_step(struct lua_State *L);
#endif

#endif
