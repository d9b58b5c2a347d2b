// The part of a file system for SQLite that only C can say: tables of functions, and one buffer for two kinds of files.

#include "faulty_vfs.h"

#include <sqlite3.h>
#include <string.h>

struct faulty_file {
    sqlite3_file base;
    int64_t number;
};

static sqlite3_vfs *usual;
static struct faulty_calls calls;
static char prefix[64];
static size_t prefix_length;

static int is_ours(const char *path) { return path != NULL && strncmp(path, prefix, prefix_length) == 0; }

static int64_t number_of(sqlite3_file *file) { return ((struct faulty_file *)file)->number; }

static int file_close(sqlite3_file *file) { return calls.close(number_of(file)); }

static int file_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    return calls.read(number_of(file), bytes, count, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    return calls.write(number_of(file), bytes, count, offset);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) { return calls.truncate(number_of(file), size); }

static int file_sync(sqlite3_file *file, int flags) {
    (void)flags;
    return calls.sync(number_of(file));
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
    int64_t found = 0;
    int result = calls.size(number_of(file), &found);
    *size = found;
    return result;
}

// One process has the disk, and the store's folder is locked by other means.
static int file_lock(sqlite3_file *file, int level) {
    (void)file;
    (void)level;
    return SQLITE_OK;
}

static int file_is_reserved(sqlite3_file *file, int *answer) {
    (void)file;
    *answer = 0;
    return SQLITE_OK;
}

static int file_control(sqlite3_file *file, int operation, void *argument) {
    (void)file;
    (void)operation;
    (void)argument;
    return SQLITE_NOTFOUND;
}

// Both as SQLite's own file system for Unix answers.
static int file_sector_size(sqlite3_file *file) {
    (void)file;
    return 4096;
}

static int file_characteristics(sqlite3_file *file) {
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_lock,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
};

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out_flags) {
    (void)vfs;
    if (!is_ours(path)) return usual->xOpen(usual, path, file, flags, out_flags);
    file->pMethods = NULL;
    int creates = (flags & SQLITE_OPEN_CREATE) != 0;
    int is_journal = (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL)) != 0;
    int result = calls.open(path, creates, creates && is_journal, &((struct faulty_file *)file)->number);
    if (result != SQLITE_OK) return result;
    file->pMethods = &methods;
    if (out_flags != NULL) *out_flags = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int syncs_folder) {
    (void)vfs;
    return is_ours(path) ? calls.remove(path, syncs_folder & 1) : usual->xDelete(usual, path, syncs_folder);
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *answer) {
    (void)vfs;
    if (!is_ours(path)) return usual->xAccess(usual, path, flags, answer);
    int32_t found = 0;
    int result = calls.exists(path, &found);
    *answer = found;
    return result;
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *path, int size, char *full) {
    (void)vfs;
    if (!is_ours(path)) return usual->xFullPathname(usual, path, size, full);
    if (strlen(path) >= (size_t)size) return SQLITE_CANTOPEN;
    strcpy(full, path);
    return SQLITE_OK;
}

static sqlite3_vfs ours;

int32_t faulty_vfs_install(const char *path_prefix, struct faulty_calls given) {
    int result = sqlite3_initialize();
    if (result != SQLITE_OK) return result;
    prefix_length = strlen(path_prefix);
    if (prefix_length >= sizeof prefix) return SQLITE_MISUSE;
    strcpy(prefix, path_prefix);
    calls = given;
    usual = sqlite3_vfs_find(NULL);
    if (usual == NULL) return SQLITE_NOTFOUND;
    // Whatever is not about files, such as the clock, which this store never asks, stays the usual one's.
    ours = *usual;
    ours.pNext = NULL;
    ours.zName = "faulty";
    if (ours.szOsFile < (int)sizeof(struct faulty_file)) ours.szOsFile = sizeof(struct faulty_file);
    ours.xOpen = vfs_open;
    ours.xDelete = vfs_delete;
    ours.xAccess = vfs_access;
    ours.xFullPathname = vfs_full_path;
    return sqlite3_vfs_register(&ours, 1);
}

void faulty_vfs_seed(uint32_t seed) {
    // Zero would mean a seed of the system's.
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, (int)(seed | 1), (sqlite3 *)NULL);
}
