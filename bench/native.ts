import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answer } from './request.ts'

// nginx runs as one process without a master, so that its process id is the whole of it.
const nginxHead = (folder: string) => `
daemon off;
master_process off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  default_type application/json;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
`

function nginxConfiguration(folder: string, inside: string): string[] {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, `${nginxHead(folder)}${inside}}\n`)
  return ['-p', folder, '-c', file, '-e', 'stderr']
}

/** The backend of everyone. `/api/users/duties` tells what has arrived, for the check before the measurement. */
export function backendArguments(folder: string, port: number): string[] {
  const told = ['request_id:$http_x_request_id', 'correlation:$http_x_correlation', 'arguments:$args']
  return nginxConfiguration(
    folder,
    `
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { return 200 '${answer}'; }
    location = /api/users/duties { return 200 '${told.join('|')}'; }
  }
`,
  )
}

export function nginxArguments(folder: string, port: number, backend: number): string[] {
  return nginxConfiguration(
    folder,
    `
  upstream backend {
    server 127.0.0.1:${backend};
    keepalive 256;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
  }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://backend;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Request-Id $request_id;
      proxy_request_buffering off;
    }
  }
`,
  )
}

export function haproxyArguments(folder: string, port: number, backend: number): string[] {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'haproxy.cfg')
  writeFileSync(
    file,
    `global
  nbthread 1
  maxconn 8192
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend front
  bind 127.0.0.1:${port}
  unique-id-format %{+X}o%ci%cp%fi%fp%Ts%rt%pid
  unique-id-header X-Request-Id
  default_backend back
backend back
  server one 127.0.0.1:${backend} pool-max-conn 256
`,
  )
  // -db: in the foreground, without a master.
  return ['-db', '-f', file]
}
