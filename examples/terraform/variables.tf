variable "admin" {
  description = "Where Pailou's admin port is, with the scheme: without one the provider takes https."
  type        = string
  default     = "http://127.0.0.1:8001"
}

variable "access_key" {
  description = "The AK of the administrator, as printed by the first npm start."
  type        = string
}

variable "secret_key" {
  description = "The SK that belongs to it."
  type        = string
  sensitive   = true
}

variable "instance_id" {
  description = "The instance to configure. Default: the first one."
  type        = string
  default     = null
}

variable "backend" {
  description = "The address of an HTTP service that answers GET /users/<id>."
  type        = string
  default     = "127.0.0.1:9000"
}

variable "app_code" {
  description = "An AppCode, 64 to 180 characters. Default: drawn at random."
  type        = string
  default     = null
  sensitive   = true
}

variable "certificate_file" {
  description = "A certificate for shop.example.com, PEM. Default: none, the domain has the gateway's own."
  type        = string
  default     = null
}

variable "private_key_file" {
  description = "The key that belongs to it, PEM."
  type        = string
  default     = null
}
