// The generated names, as the rest of the program speaks of them.
package typealias PeerAPI = Transhumance_V1_Peer
package typealias OperatorAPI = Transhumance_V1_Operator
package typealias HostReport = Transhumance_V1_HostReport
package typealias HostStatus = Transhumance_V1_HostStatus
package typealias VMReport = Transhumance_V1_VMReport
package typealias MoveReport = Transhumance_V1_MoveReport
package typealias MigrateProgress = Transhumance_V1_MigrateProgress
package typealias MigrateRequest = Transhumance_V1_MigrateRequest
package typealias ListReply = Transhumance_V1_ListReply
