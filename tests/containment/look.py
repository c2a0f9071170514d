import fcntl, os, resource, socket, stat, time

found = []
path = os.getcwd()
while path != '/':
    mode = stat.S_IMODE(os.stat(path).st_mode)
    if path == '/tmp':
        expected = 0o1777
        # A label on the folder, or a flag of it.
        flags = fcntl.ioctl(os.open(path, os.O_RDONLY), 0x80086601, bytes(8))
        found.append(('flags', flags.rstrip(b'\0')))
    else:
        expected = 0o700
    found.append(('folder', mode == expected, os.listxattr(path), len(os.listdir(path))))
    path = os.path.dirname(path)
space = os.statvfs('/tmp')
used = (space.f_blocks - space.f_bfree, space.f_files - space.f_ffree)
found.append(('space', used))
found.append(('limits', resource.getrlimit(resource.RLIMIT_NOFILE), resource.getrlimit(resource.RLIMIT_STACK)))
found.append(('priorities', os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0), os.sched_getaffinity(0)))
found.append(('flags of descriptors', [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in range(3)], [fcntl.fcntl(fd, 9) for fd in range(3)]))
found.append(('devices', [(stat.S_IMODE(os.stat(path).st_mode), os.listxattr(path)) for path in ['/dev/pts', '/dev/null', '/proc', '/']], os.listdir('/dev/pts')))
socket.create_server(('127.0.0.1', 80)).close()
socket.create_server(('127.0.0.1', 8642)).close()
hidden = socket.socket(socket.AF_UNIX)
hidden.bind('\0left')
hidden.close()
processes = [name for name in os.listdir('/proc') if name.isdigit() and name not in ('1', str(os.getpid()))]
found.append(('processes', processes))
found.append(('sockets', open('/proc/net/sockstat').readline()))
begun = time.perf_counter()
sum(range(100000))
slow = time.perf_counter() - begun > 2
found.append(('slow', slow))
print(found)
