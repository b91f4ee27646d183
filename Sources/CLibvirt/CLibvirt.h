#include <stddef.h>

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

// libvirt registers callbacks of many types as one generic type, by a cast that a macro hides and Swift can't write.

static inline int transhumance_on_lifecycle(virConnectPtr connection, virConnectDomainEventCallback callback,
                                            void *opaque, virFreeCallback release) {
  return virConnectDomainEventRegisterAny(connection, NULL, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                          VIR_DOMAIN_EVENT_CALLBACK(callback), opaque, release);
}

static inline int transhumance_on_migration_iteration(virConnectPtr connection,
                                                      virConnectDomainEventMigrationIterationCallback callback,
                                                      void *opaque, virFreeCallback release) {
  return virConnectDomainEventRegisterAny(connection, NULL, VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION,
                                          VIR_DOMAIN_EVENT_CALLBACK(callback), opaque, release);
}

static inline int transhumance_on_job_completed(virConnectPtr connection,
                                                virConnectDomainEventJobCompletedCallback callback,
                                                void *opaque, virFreeCallback release) {
  return virConnectDomainEventRegisterAny(connection, NULL, VIR_DOMAIN_EVENT_ID_JOB_COMPLETED,
                                          VIR_DOMAIN_EVENT_CALLBACK(callback), opaque, release);
}
