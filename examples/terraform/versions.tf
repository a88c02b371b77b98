terraform {
  required_version = ">= 1.3"

  required_providers {
    huaweicloud = {
      source = "huaweicloud/huaweicloud"
    }
  }
}

# Nothing here leaves the machine: both services that the provider calls are at Pailou's admin port.
provider "huaweicloud" {
  # The name of a region is the name of a project.
  region     = "pailou-1"
  access_key = var.access_key
  secret_key = var.secret_key

  auth_url = "${var.admin}/v3"
  endpoints = {
    apig = var.admin
    iam  = var.admin
  }

  # Otherwise every start asks a billing service and a version file of the cloud.
  skip_check_website_type = true
  skip_check_upgrade      = true
}

data "huaweicloud_apig_instances" "all" {}

locals {
  instance_id = coalesce(var.instance_id, data.huaweicloud_apig_instances.all.instances[0].id)
}
